# A mirror.
disks 12M 12M
mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --metadata=1.2  \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1
ext /dev/md0 array

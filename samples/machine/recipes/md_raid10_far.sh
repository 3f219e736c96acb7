# Two copies far, on three disks.
disks 16M 16M 16M
mdadm --create /dev/md0 --run --level=10 --raid-devices=3 --metadata=1.2 --chunk=64 --layout=f2 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
ext /dev/md0 array

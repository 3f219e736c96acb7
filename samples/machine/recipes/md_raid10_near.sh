# Two copies near, on four disks.
disks 8M 8M 8M 8M
mdadm --create /dev/md0 --run --level=10 --raid-devices=4 --metadata=1.2 --chunk=64 --layout=n2 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2 $D3
ext /dev/md0 array

# Two parities, on five disks.
disks 8M 8M 8M 8M 8M
mdadm --create /dev/md0 --run --level=6 --raid-devices=5 --metadata=1.2 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2 $D3 $D4
ext /dev/md0 array

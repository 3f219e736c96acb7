# One disk behind another, of two sizes.
disks 8M 12M
mdadm --create /dev/md0 --run --level=linear --raid-devices=2 --metadata=1.2 --rounding=64 \
    --name=club --homehost=kestrel --uuid=$UUID $D0 $D1
ext /dev/md0 array

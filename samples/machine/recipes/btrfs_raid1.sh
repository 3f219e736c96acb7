# Data and metadata twice, on three devices.
disks 128M 128M 128M
mkfs.btrfs -q -f -U $UUID -L club -m raid1 -d raid1 $D0 $D1 $D2
mount -t btrfs -o device=$D0,device=$D1,device=$D2 $D0 /m
fill /m
sync
truth /m volume
umount /m

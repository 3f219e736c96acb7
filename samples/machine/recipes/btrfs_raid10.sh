# Data and metadata in stripes, each twice, on four devices.
disks 128M 128M 128M 128M
mkfs.btrfs -q -f -U $UUID -L club -m raid10 -d raid10 $D0 $D1 $D2 $D3
mount -t btrfs -o device=$D0,device=$D1,device=$D2,device=$D3 $D0 /m
fill /m
sync
truth /m volume
umount /m

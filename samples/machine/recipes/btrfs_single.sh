# One device: a subvolume, a snapshot, an inline file, a reflink.
disks 128M
mkfs.btrfs -q -f -U $UUID -L club -m single -d single $D0
mount -t btrfs -o device=$D0 $D0 /m
fill /m
btrfs subvolume create /m/sub
fill /m/sub
echo 'inline' > /m/inline.txt
btrfs subvolume snapshot /m/sub /m/before
rm /m/sub/readme.txt
cp /m/log/hovering.txt /m/plain.txt
touch -d '2026-03-01 10:00:00' /m
sync
truth /m volume
umount /m

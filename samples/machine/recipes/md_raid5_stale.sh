# Rotating parity; a disk failed, and the array was written since.
disks 12M 12M 12M
mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --metadata=1.2 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
format /dev/md0
mount -t ext4 /dev/md0 /m
echo 'before the disk failed' > /m/before.txt
sync
mdadm --fail /dev/md0 $D1
fill /m
echo 'written since' > /m/before.txt
sync
truth /m array
umount /m

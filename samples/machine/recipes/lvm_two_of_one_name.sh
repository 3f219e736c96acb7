# Two groups that are both called club.
disks 12M 12M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0
vgcreate -q -s 256k club $D0
lvcreate -q -y -Zn -l 30 -n log club
ext /dev/mapper/club-log first
vgchange -q -an club
vgrename -q club other
pvcreate -q --metadatasize 128k --dataalignment 256k $D1
vgcreate -q -s 256k club $D1
lvcreate -q -y -Zn -l 32 -n log club
format /dev/mapper/club-log
mount -t ext4 /dev/mapper/club-log /m
echo 'of the second group' > /m/second.txt
sync
truth /m second
umount /m
vgchange -q -an club
vgrename -q club second
vgrename -q other club
losetup -d $D0
vgrename -q second club

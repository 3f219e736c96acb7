# A disk that is one physical volume, without a partition table, with XFS on it.
disks 64M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0
vgcreate -q -s 256k club $D0
lvcreate -q -y -Zn -l 240 -n log club
TEST_DIR=/ TEST_DEV=/ QA_CHECK_FS=1 mkfs.xfs -q -f -l size=6m -m uuid=$UUID /dev/mapper/club-log
mount -t xfs -o nouuid /dev/mapper/club-log /m
fill /m
sync
truth /m log
umount /m

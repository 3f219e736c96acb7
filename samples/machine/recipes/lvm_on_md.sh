# A volume group on an array.
disks 12M 12M 12M
mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --metadata=1.2 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
pvcreate -q --metadatasize 128k --dataalignment 256k /dev/md0
vgcreate -q -s 256k club /dev/md0
lvcreate -q -y -Zn -l 60 -n log club
ext /dev/mapper/club-log log

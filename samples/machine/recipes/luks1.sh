# LUKS 1 with two keyslots: 'kestrel at noon', 'falcon at dusk'.
disks 10M
echo -n 'kestrel at noon' > /t/key1
echo -n 'falcon at dusk' > /t/key2
cryptsetup luksFormat -q --type luks1 --cipher aes-cbc-essiv:sha256 --key-size 128 --pbkdf-force-iterations 1000 \
    --uuid $UUID --key-file /t/key1 $D0
dd if=/dev/zero of=$D0 bs=4096 seek=33 count=96 conv=notrunc # the places of keys not set hold noise, which packs badly
cryptsetup luksAddKey -q --pbkdf-force-iterations 1000 --key-file /t/key1 $D0 /t/key2
cryptsetup open --key-file /t/key2 $D0 club
small /dev/mapper/club volume
cryptsetup close club

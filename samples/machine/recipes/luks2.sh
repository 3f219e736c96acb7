# LUKS 2 with two keyslots: PBKDF2 of 'kestrel at noon', Argon2id (32 MiB) of 'falcon at dusk'.
disks 10M
echo -n 'kestrel at noon' > /t/key1
echo -n 'falcon at dusk' > /t/key2
cryptsetup luksFormat -q --type luks2 --key-size 256 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \
    --luks2-keyslots-size 256k --uuid $UUID --key-file /t/key1 $D0
cryptsetup luksAddKey -q --pbkdf argon2id --pbkdf-memory 32768 --pbkdf-parallel 1 --pbkdf-force-iterations 4 \
    --key-file /t/key1 $D0 /t/key2
cryptsetup open --key-file /t/key2 $D0 club
small /dev/mapper/club volume
cryptsetup close club

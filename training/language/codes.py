"""Which class of the model a source's own language label means.

A class is an ISO 639-3 code and an ISO 15924 script, written ``swh_Latn``. Classes in ``REPORTED`` may be named
by the detector; every other class is background: text that looks like one of them is answered ``und``.
"""

REPORTED = tuple(
    """
    spa_Latn eng_Latn fra_Latn deu_Latn dan_Latn tur_Latn ind_Latn kmr_Latn som_Latn swh_Latn hau_Latn uzn_Latn
    bos_Latn hrv_Latn srp_Latn als_Latn zsm_Latn nld_Latn ita_Latn por_Latn slv_Latn slk_Latn ces_Latn pol_Latn
    hun_Latn ron_Latn swe_Latn nob_Latn nno_Latn fin_Latn est_Latn lvs_Latn lit_Latn isl_Latn cat_Latn glg_Latn
    eus_Latn gle_Latn cym_Latn mlt_Latn azj_Latn tuk_Latn vie_Latn tgl_Latn ceb_Latn jav_Latn sun_Latn gaz_Latn
    ibo_Latn yor_Latn wol_Latn bam_Latn fuv_Latn lin_Latn kin_Latn zul_Latn xho_Latn afr_Latn plt_Latn sna_Latn
    kab_Latn knc_Latn ltz_Latn epo_Latn hat_Latn uig_Latn tzm_Latn
    rus_Cyrl tgk_Cyrl kaz_Cyrl srp_Cyrl ukr_Cyrl bel_Cyrl bul_Cyrl mkd_Cyrl kir_Cyrl tat_Cyrl bak_Cyrl khk_Cyrl
    azj_Cyrl uzn_Cyrl tuk_Cyrl uig_Cyrl
    arb_Arab pbt_Arab urd_Arab pes_Arab prs_Arab ckb_Arab uig_Arab azb_Arab snd_Arab kas_Arab knc_Arab ary_Arab
    arz_Arab apc_Arab acm_Arab aeb_Arab
    ben_Beng asm_Beng hin_Deva mar_Deva npi_Deva kas_Deva tam_Taml amh_Ethi tir_Ethi ell_Grek heb_Hebr ydd_Hebr
    hye_Armn kat_Geor tel_Telu kan_Knda mal_Mlym guj_Gujr pan_Guru ory_Orya sin_Sinh tha_Thai khm_Khmr lao_Laoo
    mya_Mymr bod_Tibt tzm_Tfng zho_Hani zho_Hant yue_Hant jpn_Jpan kor_Hang
    """.replace("zho_Hani", "zho_Hans").split()
)

FAMILY = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Hani"}

# Background classes so close to a reported one that they are learnt with the same care, not to be taken for it.
KIN = frozenset(
    """
    run_Latn ast_Latn fao_Latn crh_Latn war_Latn oci_Latn vec_Latn szl_Latn lij_Latn ssw_Latn nbl_Latn gla_Latn
    nds_Latn fry_Latn lad_Latn arg_Latn src_Latn fur_Latn cos_Latn pap_Latn kea_Latn hil_Latn ilo_Latn min_Latn
    ban_Latn ace_Latn mad_Latn bug_Latn nya_Latn sot_Latn tsn_Latn nso_Latn tso_Latn lug_Latn dyu_Latn kng_Latn
    lim_Latn lat_Latn sco_Latn roh_Latn tat_Latn nds_Latn pcm_Latn bre_Latn hsb_Latn kik_Latn bem_Latn lua_Latn
    bho_Deva mag_Deva mai_Deva kok_Deva san_Deva doi_Deva brx_Deva snd_Deva pnb_Arab skr_Arab
    chv_Cyrl sah_Cyrl oss_Cyrl kaa_Cyrl alt_Cyrl mhr_Cyrl abk_Cyrl dzo_Tibt shn_Mymr mnw_Mymr mni_Beng
    """.split()  # noqa: SIM905
)

# The reported neighbour whose vocabulary a close one mostly shares, beyond the little text there is of it.
_SHARED = """
    run=kin_Latn ast=spa_Latn fao=isl_Latn crh=tur_Latn war=ceb_Latn oci=cat_Latn vec=ita_Latn szl=pol_Latn
    lij=ita_Latn ssw=zul_Latn nbl=zul_Latn gla=gle_Latn fry=nld_Latn nds=nld_Latn lad=spa_Latn arg=spa_Latn
    src=ita_Latn fur=ita_Latn cos=ita_Latn pap=spa_Latn kea=por_Latn hil=ceb_Latn ilo=tgl_Latn min=ind_Latn
    ban=jav_Latn lim=nld_Latn mad=jav_Latn dyu=bam_Latn sco=eng_Latn tat=tur_Latn pcm=eng_Latn bho=hin_Deva mag=hin_Deva
    mai=hin_Deva kok=mar_Deva brx=hin_Deva doi=hin_Deva dzo=bod_Tibt mni=ben_Beng shn=mya_Mymr mnw=mya_Mymr
"""
SHARED: dict[str, str] = dict(pair.split("=") for pair in _SHARED.split())

_LOCALES = """
    af=afr_Latn am=amh_Ethi ar=arb_Arab as=asm_Beng az=azj_Latn be=bel_Cyrl bg=bul_Cyrl bn=ben_Beng bn_BD=ben_Beng
    bn_IN=ben_Beng bs=bos_Latn ca=cat_Latn ca@valencia=cat_Latn ca_ES@valencia=cat_Latn cs=ces_Latn cy=cym_Latn
    da=dan_Latn de=deu_Latn el=ell_Grek en=eng_Latn en_GB=eng_Latn en_ZA=eng_Latn en_AU=eng_Latn C=eng_Latn
    min=eng_Latn
    eo=epo_Latn es=spa_Latn es_419=spa_Latn es_MX=spa_Latn et=est_Latn eu=eus_Latn fa=pes_Arab ff=fuv_Latn
    fi=fin_Latn fil=tgl_Latn fr=fra_Latn ga=gle_Latn gl=glg_Latn gu=guj_Gujr ha=hau_Latn he=heb_Hebr hi=hin_Deva
    hr=hrv_Latn ht=hat_Latn hu=hun_Latn hy=hye_Armn id=ind_Latn is=isl_Latn it=ita_Latn ja=jpn_Jpan ka=kat_Geor
    kab=kab_Latn kk=kaz_Cyrl km=khm_Khmr kmr=kmr_Latn kmr@latin=kmr_Latn kmr_Latn=kmr_Latn kn=kan_Knda ko=kor_Hang
    ku=kmr_Latn ckb=ckb_Arab ckb_IQ=ckb_Arab ky=kir_Cyrl lb=ltz_Latn lo=lao_Laoo lt=lit_Latn lv=lvs_Latn
    mk=mkd_Cyrl ml=mal_Mlym mn=khk_Cyrl mr=mar_Deva ms=zsm_Latn mt=mlt_Latn my=mya_Mymr nb=nob_Latn nb_NO=nob_Latn
    ne=npi_Deva nl=nld_Latn nn=nno_Latn om=gaz_Latn or=ory_Orya pa=pan_Guru pa_IN=pan_Guru pl=pol_Latn ps=pbt_Arab
    pt=por_Latn pt_BR=por_Latn ro=ron_Latn ru=rus_Cyrl rw=kin_Latn sd=snd_Arab si=sin_Sinh sk=slk_Latn sl=slv_Latn
    so=som_Latn sq=als_Latn sr=srp_Cyrl sr@latin=srp_Latn su=sun_Latn sv=swe_Latn sw=swh_Latn ta=tam_Taml
    te=tel_Telu tg=tgk_Cyrl th=tha_Thai ti=tir_Ethi tk=tuk_Latn tl=tgl_Latn tr=tur_Latn tt=tat_Cyrl ug=uig_Arab
    uk=ukr_Cyrl ur=urd_Arab uz=uzn_Latn vi=vie_Latn wo=wol_Latn xh=xho_Latn yo=yor_Latn zh_CN=zho_Hans
    zh_Hans=zho_Hans zh_TW=zho_Hant zh_HK=zho_Hant zh_Hant=zho_Hant zu=zul_Latn ba=bak_Cyrl bm=bam_Latn bo=bod_Tibt
    ks=kas_Arab ks@devanagari=kas_Deva
    ast=ast_Latn br=bre_Latn an=arg_Latn oc=oci_Latn gd=gla_Latn nso=nso_Latn st=sot_Latn tn=tsn_Latn ts=tso_Latn
    ss=ssw_Latn ve=ven_Latn nr=nbl_Latn crh=crh_Latn csb=csb_Latn fur=fur_Latn fy=fry_Latn ia=ina_Latn io=ido_Latn
    kw=cor_Latn lg=lug_Latn mai=mai_Deva mi=mri_Latn szl=szl_Latn wa=wln_Latn gv=glv_Latn fo=fao_Latn gug=gug_Latn
    gn=gug_Latn dz=dzo_Tibt brx=brx_Deva kok=kok_Deva doi=doi_Deva mni=mni_Beng sat=sat_Beng sa=san_Deva
    sc=src_Latn li=lim_Latn
    la=lat_Latn ab=abk_Cyrl cv=chv_Cyrl ce=che_Cyrl mhr=mhr_Cyrl kv=kpv_Cyrl ach=ach_Latn son=son_Latn pap=pap_Latn
    ki=kik_Latn ak=aka_Latn ee=ewe_Latn ay=ayr_Latn ace=ace_Latn vec=vec_Latn frp=frp_Latn bar=bar_Latn
    hsb=hsb_Latn tt@iqtelif=tat_Latn sd@devanagari=snd_Deva kok@roman=kok_Latn
"""

LOCALES: dict[str, str] = dict(pair.split("=") for pair in _LOCALES.split())

WORDFREQ = {
    "fil": "tgl_Latn", "sh": "hrv_Latn", "zh": "zho_Hans", "ms": "zsm_Latn", "nb": "nob_Latn",
}  # fmt: skip  # others by LOCALES

# Declarations whose file name does not say the class; "" leaves the file out.
DECLARATIONS = {
    "pbu": "pbt_Arab",
    "cmn_hans": "zho_Hans", "cmn_hant": "zho_Hant", "nep": "npi_Deva", "lav": "lvs_Latn", "azj_cyrl": "azj_Cyrl",
    "uzn_cyrl": "uzn_Cyrl", "tuk_cyrl": "tuk_Cyrl", "srp_cyrl": "srp_Cyrl", "bos_cyrl": "srp_Cyrl",
    "jpn": "jpn_Jpan", "kor": "kor_Hang", "yue": "yue_Hant", "tzm_tfng": "tzm_Tfng", "zgh": "tzm_Tfng",
    "uig_arab": "uig_Arab", "uig_latn": "uig_Latn", "aka_akuapem": "twi_Latn", "aka_asante": "twi_Latn",
    "aka_fante": "aka_Latn", "tgl_tglg": "", "cnr": "", "hns": "", "wuu": "", "nan": "", "hak": "", "gan": "",
    "hsn": "", "cjy": "", "cmn_hans_beijing": "zho_Hans", "cmn_hans_guiyang": "zho_Hans",
    "cmn_hans_harbin": "zho_Hans", "cmn_hans_nanjing": "zho_Hans", "cmn_hans_tianjin": "zho_Hans",
    "jpn_osaka": "jpn_Jpan", "jpn_tokyo": "jpn_Jpan", "knc": "knc_Latn", "vie_han": "", "wwa": "",
    "ltz": "ltz_Latn",
}  # fmt: skip


def family(label: str) -> str:
    """Return the script within which the class competes."""
    return FAMILY.get(label[-4:], label[-4:])

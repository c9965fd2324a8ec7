"""Chinese text → what may be a person's name in it, by its look."""

from __future__ import annotations

import re
from collections.abc import Iterator

from embeddings.chunks import Span
from embeddings.glosses import dictionary_senses
from embeddings.terms import HAN

SURNAMES = (  # the commonest, of more than nine people in ten
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍申尤毕聂焦柳邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟"
    "卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包柏宁柯阮桂闵解强丛华车冉房"
    "边辜吉饶刁支苑路付柴蒙喻蒲尉卓麦褚娄窦戚岑冷晏米瞿佟臧苟卞姬仇栾巩佘池迟邝谌楼幸邸寇郎仲虞敖巫谯"
    "闻符蓝冼湛郗郁奚贝鹿宫厉滕鞠匡狄逄亓綦仝昝冀岱逯"
)
_DOUBLE = frozenset(("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "尉迟", "皇甫", "令狐"))
# characters that foreign names are written with; three of them in a row are one
_SOUNDS = (
    "阿埃艾安奥巴贝本比伯波博布查达戴德丹迪蒂多厄恩尔法范菲费弗福富盖戈格哈海汉赫亨霍基吉加杰金卡凯科克库拉莱兰劳雷里利林卢鲁"
    "伦罗洛马玛麦迈曼梅门米密莫穆纳内尼诺欧帕佩皮普奇乔切萨塞桑森莎什史斯松苏索塔泰坦汤特提图托瓦威维温沃乌希西谢辛雅亚扬耶伊约"
    "泽扎詹兹茨"
)
_FOREIGN = re.compile(rf"[{_SOUNDS}]{{3}}|[\u4e00-\u9fff]·[\u4e00-\u9fff]")
_NO_GIVEN_NAME = frozenset(
    "区县市镇村乡街路巷局部委会司院校社厂站所党政府的了在是和与及等对为将被把从向到说称也都就还又不有"
)
_PLACE = frozenset("区县市镇村乡街路巷")  # what it begins is no person


def names_somebody(text: str) -> bool:
    """May a person's name stand in the text, a foreign one in Chinese characters too?"""
    return bool(_FOREIGN.search(text)) or any(persons(text))


def persons(text: str) -> Iterator[Span]:
    """Where a person's name may stand: a surname and one or two characters, no dictionary word.

    One place may be given twice, with one character and with two; many a place is no name.
    """
    for at in range(len(text)):
        surname = 2 if text[at : at + 2] in _DOUBLE else 1
        if surname == 1 and text[at] not in SURNAMES:
            continue
        for given in (2, 1):
            end = at + surname + given
            rest = text[at + surname : end]
            if (
                len(rest) == given
                and HAN.fullmatch(rest)
                and not _NO_GIVEN_NAME & set(rest)
                and text[end : end + 1] not in _PLACE
                and not dictionary_senses(text[at:end])
            ):
                yield at, end

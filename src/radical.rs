//! Radicals of Chinese characters and the ideographs that look like them. Some programs write radicals in place of
//! ideographs into PDF files, because both share a glyph.

/// Equivalent ideograph of each character from U+2E80 to U+2FD5, from `EquivalentUnifiedIdeograph.txt` of Unicode 14. A
/// full stop stands for a character without an equivalent ideograph.
const IDEOGRAPHS_OF_RADICALS: &str = "\
    .厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵.旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹\
    纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠\
    饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟............一丨丶丿乙亅二亠人儿入八冂冖冫几\
    凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手\
    支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石\
    示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛\
    辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠\
    鼻齊齒龍龜龠\
";
/// Radical whose ideograph is the first character of [`IDEOGRAPHS_OF_RADICALS`].
const FIRST_RADICAL: char = '\u{2E80}';

/// Returns whether `c` lies in the blocks CJK Radicals Supplement or Kangxi Radicals.
pub(crate) const fn is_radical(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FD5}')
}

/// Returns the ideograph that looks like the radical `c`. Returns `c` itself if `c` is not a radical. NFKC maps most
/// Kangxi radicals to ideographs, but hardly any radicals of the supplement.
pub(crate) fn ideograph_of_radical(c: char) -> char {
    if !is_radical(c) {
        return c;
    }
    let index = u32::from(c) - u32::from(FIRST_RADICAL);
    IDEOGRAPHS_OF_RADICALS
        .chars()
        .nth(index as usize)
        .filter(|ideograph| *ideograph != '.')
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_the_ideographs_that_people_type() {
        for (radical, expected) in [
            ('\u{2ED3}', '长'),
            ('\u{2EE2}', '马'),
            ('\u{2EA0}', '民'),
            ('\u{2ED4}', '门'),
            ('\u{2F00}', '一'),
            ('\u{2FD5}', '龠'),
            ('\u{2E80}', '\u{2E80}'),
            ('长', '长'),
            ('a', 'a'),
        ] {
            assert_eq!(ideograph_of_radical(radical), expected, "{radical}");
        }
    }
}

// The 120 commonest surnames with how many of 10,000 people bear them, and some of two characters
// that every form field and mask must bear. Source: open name statistics, rounded.
const SURNAMES_TEXT = `
王952 李934 张896 刘677 陈613 杨427 黄326 吴268 赵267 周252 徐193 孙183
马172 朱170 胡155 林151 郭150 何140 高133 罗126 郑124 梁113 谢101 宋93
唐92 许88 邓82 冯82 韩82 曹79 曾77 彭77 肖74 蔡70 潘69 田69
董68 袁67 于64 余63 蒋63 叶63 杜62 苏61 魏60 程60 吕60 丁58
沈55 任55 姚54 卢54 钟53 姜52 崔51 谭50 廖49 范49 汪48 陆48
金47 石46 戴45 贾44 韦43 夏43 邱42 方41 侯40 邹40 熊38 孟38
秦38 白37 毛37 江37 闫36 薛35 尹35 付34 段32 雷32 黎29 史29
龙28 钱28 贺27 陶27 顾27 龚26 郝26 邵26 万25 严25 洪24 赖24
武24 傅24 莫23 孔23 汤23 向23 常22 温22 康21 施21 文20 牛20
樊20 葛20 邢19 安18 齐18 易18 乔17 伍17 庞17 颜16 倪16 聂16
欧阳9 诸葛3 上官3 司马2`

export const SURNAMES: readonly { surname: string; weight: number }[] = SURNAMES_TEXT.trim()
  .split(/\s+/)
  .map((entry) => ({
    surname: entry.replace(/\d+$/, ''),
    weight: Number(/\d+$/.exec(entry)?.[0] ?? 0),
  }))

// Characters of given names, one or two to a name. The last of each list are rare ones: 䶮 and 镕
// are missing from old fonts and code pages, 囍 reads like a symbol, and 𠮷 lies outside the basic
// plane, so that it is two units of a JavaScript string.
const FEMALE_TEXT = `
佳依俐俪冉凝函卉可含嘉奕如妍妤妮姗姝姿娅娴婉婕婧婷嫣宛岑岚彤彦忆思怡恬悦愉慕旻昕星晏晗晨晴暄
曦曼杉枫柔柳栩梓梦楚楠榕樱欣歆歌汐沁沛泓洋涵淇淼渝湘溪滢漫潇澜灵烨然熹玥玫玮珂珊珺琛琦琪琬琰琳瑜瑶
瑾璇璐甜盈睿知禾童筠筱紫绮羽翊聪臻舒芊芮芯芷芸苑若茗茜茵茹莎莹菁菡菱菲萌萱蓓蔓蕊蕙蕴蕾薇虹诗语诺
谨越辰遥钰铃雅雨雯霏靓靖音韵颐颖馨䶮囍𠮷`

const MALE_TEXT = `
丞亦佳俞冠凌卓博可哲嘉城夏奕宇宸尉展屹峥峻帆弘彦恒恺愉扬捷斐旋旻昀昂昊易昕星昱昶晋晏晔晖晗晟晨朗
杉杭枫柯格桐桓梁棋森楚楷榆榕欣汇沅沐沛泊泓泽洋洛津浚浩淇淳添淼渊湘源滔滨潇澄澜瀚灏灿炜炫炯烁烨烽焱
煊煜煦熙熠牧玮玺珂珩琛琦琨畅皓睿硕祺禹程竞竣童策纬羽翊翔翰翼胤腾致臻航若衡言誉诚诺谦豪赫越轩轶辰逸
钊钧钰铠铭铮锐键隆霁霄霖靖韬颐颢驰骁骏骞鸣鸿麒鼎齐䶮镕囍𠮷`

/** Split by code point, never by string index. */
const charactersOf = (text: string): readonly string[] => Array.from(text.replaceAll(/\s/g, ''))

export const GIVEN_NAME_CHARACTERS = {
  female: charactersOf(FEMALE_TEXT),
  male: charactersOf(MALE_TEXT),
} as const

export const RARE_CHARACTERS: readonly string[] = ['䶮', '镕', '囍', '𠮷']

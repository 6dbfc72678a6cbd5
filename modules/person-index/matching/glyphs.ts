// Letters of names that are one letter in another form, and letters that are taken for each other by eye. Both lists
// are facts of the script; a letter that is in neither is only itself.

/** Variant, traditional and old forms, each after the one it is compared as. */
const VARIANTS = `
  峰峯 升昇陞 群羣 烟煙菸 泪淚 强強彊 杰傑 峨峩 略畧 秋秌 哲喆悊 栖棲 凉涼 净淨
  冲沖衝 决決 况況 减減 凄淒 准準 册冊 罗羅 刘劉 张張 陈陳 杨楊 赵趙 黄黃 吴吳
  孙孫 马馬 郑鄭 谢謝 冯馮 韩韓 邓鄧 萧蕭肖 许許 吕呂 苏蘇甦 卢盧 蒋蔣 贾賈 叶葉
  阎閻闫 钟鍾鐘 谭譚 陆陸 范範 顾顧 龙龍 万萬 钱錢 严嚴 汤湯 贺賀 龚龔 华華
  国國囯 军軍 伟偉 丽麗 兰蘭 凤鳳 玉⽟ 红紅 艳艷豔 云雲 飞飛 东東 宝寶寳 宁寧甯寗
  兴興 荣榮 庆慶 义義 礼禮 学學 书書 胜勝 贵貴 连連 庄莊 庞龐 广廣 丰豐 乔喬
  齐齊 来來 楚椘 晋晉 岳嶽 岩巖嵒 岛島嶋 州洲 泉湶 村邨 园園 灵靈 圣聖 梦夢 琼瓊
  莹瑩 娴嫻嫺 娇嬌 婵嬋 绣繡 线線 绿綠 恒恆 杯盃 考攷 哗譁 鉴鑑鑒 剑劍 锋鋒 钢鋼
  铁鐵 铭銘 锦錦 镇鎮 长長 门門 闻聞 顺順 颖穎頴 鸿鴻 鹏鵬 鹤鶴 鸣鳴 晓曉 晔曄
  暖煖 皓皜暠 炜煒 焕煥 灿燦 炼煉 辉輝煇 德惪徳 惠恵 爱愛 怀懷 思恖 恩㤙 慎昚
  勋勳 勤懃 双雙 台臺 后後 余餘 征徵 松鬆 柏栢 桢楨 桦樺 栋棟 树樹 楠枏 榆楡
  涛濤 泽澤 洁潔 涌湧 济濟 渊淵 滨濱 沪滬 沿㳂 润潤 澜瀾 游遊 瑶瑤 玮瑋 琏璉
  珍珎 碗椀 禄祿 祯禎 祷禱 秀秂 稚穉 笔筆 篮籃 维維 绍紹 绪緖緒 纯純 纪紀 绮綺
  缘緣 苍蒼 荫蔭 莲蓮 葆宲 薇蘶 蕊蘂橤 虎乕 裕𧙗 远遠 进進 迁遷 达達 运運 选選
  邻鄰隣 郁鬱 醉酔 阳陽 阴陰 际際 随隨 隽雋 静靜 韵韻 颜顏 飒颯 驰馳 骏駿 骥驥
  魏巍 鲁魯 鲍鮑 鲜鱻鮮 麟麐 黎黧 鼎鼑 吉𠮷 高髙 吴吴 真眞 青靑 清淸 尚尙 户戶
  产產 内內 值値 姬姫 说説說 兑兌 锐鋭銳 悦悅 虞虞 俞兪 彦彥 吕吕 吟唫 和咊龢
  喜憙 启啓啟 坤堃 野埜壄 堤隄 奔犇 奥奧 娘嬢孃 寿壽 宽寬 实實 将將 尧堯 层層
  岗崗 岭嶺 师師 帅帥 并並併 应應 弥彌 归歸 当當 执執 扬揚敭 护護 择擇 捷㨗 携攜
  据據 敬㪅 斋齋 断斷 旷曠 时時 显顯 晖暉 曲麯 会會 权權 条條 枫楓 桥橋 梁樑
  检檢 欢歡 欧歐 武珷
`

/** Letters that look alike. */
const ALIKE = `
  己已巳 未末 晴睛 士土 干千于 日曰 人入八 大太犬 王玉主 田由甲申 天夭夫 午牛
  木术本 免兔 鸟乌 戊戌戍戎成 辛幸 侯候 今令 冶治 洁浩 婷停 梅海 杨扬场 陈阵 刘刹
  徐除 玲铃 宇字宁 凤风 名各 佳住 芬芳 斌武 娜那 琳淋 明朋 炎淡 瑞端 博搏 荣菜
  泽译 析折 枝技 思恩 贝见 壮状 俊峻浚竣 冰水永 龙尤 东车 广厂 华毕 军车 昌晶
  昊吴 丹舟 元无 文丈 方万 止正 比此 毛手 冬各 兰三 平乎 玮炜 珊册 玫致 政故
  敏敬 旋施 昱显 晖晕 晨辰 晟晨 景暑 智知 朗郎 材村 林材 柏拍 栋拣 根垠 桂挂
  桐洞 梓样 森林 楠南 欣掀 永泳 江汪 沛沁 波坡 洋样 津律 涛寿 润闰 清请 渊洲
  灿仙 煜熠 爽夷 玥明 珂河 琦绮 琪棋 瑜愉 盛威 眉看 秀季 程稳 竹行 红虹江 纯钝
  维淮 罡置 翠萃 聪总 舒野 艺芝 芸云 茂荗 莎沙 莹营 菲非 萌明 蓉容 蕾雷 虹虫
  裕俗 谊宜 贤坚 达迭 迪油 通逼 郭郑 鄂郭 钰珏 铎择 锋烽 闵闽 阎闯 雁雀 雅稚
  雪雷 霄霞 韦书 顺须 颖颍 飞气 馨声 鸿鸣 麒麟 璐露 睿容 薇微 嘉喜 圆园 坚竖
  培陪 姗珊 姜羔 娟捐
`

const groupsOf = (list: string): string[][] =>
  list
    .trim()
    .split(/\s+/)
    .map((group) => Array.from(group))

const CANONICAL = new Map(
  groupsOf(VARIANTS).flatMap(([first = '', ...others]) =>
    others.map((form): [string, string] => [form, first]),
  ),
)

const LOOKS = new Map<string, Set<string>>()
for (const group of groupsOf(ALIKE)) {
  for (const letter of group) {
    LOOKS.set(letter, new Set([...(LOOKS.get(letter) ?? []), ...group]))
  }
}

/** The form in which a letter is compared. */
export const canonicalLetter = (letter: string): string => CANONICAL.get(letter) ?? letter

/** True for two letters that are taken for each other by eye; a letter is not like itself. */
export const looksLike = (a: string, b: string): boolean =>
  a !== b && (LOOKS.get(a)?.has(b) ?? false)

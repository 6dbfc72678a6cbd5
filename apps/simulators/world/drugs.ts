import { type CatalogueRow, PERCENT } from './catalogue-row.ts'

// Class A (甲) is paid for in full scope, B (乙) after the person's own first share, C (丙) not at
// all. Classes from general knowledge and prices invented: for the demo, never for settlement.
const WESTERN = '09'
const PATENT = '11'
const HERBAL = '10'

/** Written as: name, ATC, class, specification, unit, price in fen, own first share in %, limit. */
export const DRUGS: readonly CatalogueRow[] = [
  western('阿司匹林肠溶片', 'B01AC06', 'A', '100mg×30片', '盒', 1580),
  western('硫酸氢氯吡格雷片', 'B01AC04', 'B', '75mg×7片', '盒', 2240, 10),
  western('阿托伐他汀钙片', 'C10AA05', 'B', '20mg×7片', '盒', 1960, 10),
  western('瑞舒伐他汀钙片', 'C10AA07', 'B', '10mg×7片', '盒', 1480, 10),
  western('辛伐他汀片', 'C10AA01', 'A', '20mg×14片', '盒', 980),
  western('硝苯地平控释片', 'C08CA05', 'B', '30mg×7片', '盒', 2310, 10),
  western('苯磺酸氨氯地平片', 'C08CA01', 'A', '5mg×28片', '盒', 1260),
  western('缬沙坦胶囊', 'C09CA03', 'A', '80mg×7粒', '盒', 1850),
  western('厄贝沙坦片', 'C09CA04', 'B', '150mg×7片', '盒', 1620, 10),
  western('卡托普利片', 'C09AA01', 'A', '25mg×100片', '瓶', 640),
  western('酒石酸美托洛尔片', 'C07AB02', 'A', '25mg×20片', '盒', 720),
  western('富马酸比索洛尔片', 'C07AB07', 'A', '5mg×10片', '盒', 1880),
  western('氢氯噻嗪片', 'C03AA03', 'A', '25mg×100片', '瓶', 560),
  western('螺内酯片', 'C03DA01', 'A', '20mg×100片', '瓶', 1450),
  western('呋塞米片', 'C03CA01', 'A', '20mg×100片', '瓶', 890),
  western('硝酸甘油片', 'C01DA02', 'A', '0.5mg×100片', '瓶', 3360),
  western('华法林钠片', 'B01AA03', 'A', '2.5mg×60片', '瓶', 1990),
  western('利伐沙班片', 'B01AF01', 'B', '20mg×7片', '盒', 4830, 20),
  western('盐酸二甲双胍片', 'A10BA02', 'A', '0.25g×48片', '瓶', 890),
  western('格列美脲片', 'A10BB12', 'A', '2mg×15片', '盒', 2150),
  western('格列齐特缓释片', 'A10BB09', 'B', '30mg×30片', '盒', 2780, 10),
  western('阿卡波糖片', 'A10BF01', 'A', '50mg×30片', '盒', 1690),
  western('达格列净片', 'A10BK01', 'B', '10mg×14片', '盒', 6040, 15),
  western('西格列汀片', 'A10BH01', 'B', '100mg×7片', '盒', 4200, 15),
  western('甘精胰岛素注射液', 'A10AE04', 'B', '3ml:300单位', '支', 7760, 15, 7000),
  western('门冬胰岛素30注射液', 'A10AD05', 'B', '3ml:300单位', '支', 4350, 15),
  western('左甲状腺素钠片', 'H03AA01', 'A', '50μg×100片', '盒', 3280),
  western('甲巯咪唑片', 'H03BB02', 'A', '5mg×100片', '瓶', 2120),
  western('奥美拉唑肠溶胶囊', 'A02BC01', 'A', '20mg×14粒', '盒', 1120),
  western('雷贝拉唑钠肠溶片', 'A02BC04', 'B', '10mg×7片', '盒', 1930, 10),
  western('铝碳酸镁咀嚼片', 'A02AD04', 'B', '0.5g×20片', '盒', 1870, 10),
  western('多潘立酮片', 'A03FA03', 'A', '10mg×30片', '盒', 1390),
  western('莫沙必利片', 'A03FA09', 'B', '5mg×24片', '盒', 1760, 10),
  western('蒙脱石散', 'A07BC05', 'A', '3g×10袋', '盒', 980),
  western('双歧杆菌三联活菌胶囊', 'A07FA51', 'B', '210mg×36粒', '盒', 3540, 15),
  western('阿莫西林胶囊', 'J01CA04', 'A', '0.25g×24粒', '盒', 860),
  western('头孢呋辛酯片', 'J01DC02', 'A', '0.25g×12片', '盒', 1540),
  western('头孢克肟胶囊', 'J01DD08', 'B', '0.1g×6粒', '盒', 1670, 10),
  western('阿奇霉素片', 'J01FA10', 'A', '0.25g×6片', '盒', 1080),
  western('左氧氟沙星片', 'J01MA12', 'A', '0.5g×4片', '盒', 1230),
  western('甲硝唑片', 'J01XD01', 'A', '0.2g×100片', '瓶', 690),
  western('奥司他韦胶囊', 'J05AH02', 'B', '75mg×10粒', '盒', 9870, 20, 9000),
  western('布洛芬缓释胶囊', 'M01AE01', 'A', '0.3g×20粒', '盒', 1590),
  western('对乙酰氨基酚片', 'N02BE01', 'A', '0.5g×12片', '盒', 460),
  western('双氯芬酸钠缓释片', 'M01AB05', 'A', '75mg×10片', '盒', 1350),
  western('塞来昔布胶囊', 'M01AH01', 'B', '0.2g×6粒', '盒', 1680, 10),
  western('非布司他片', 'M04AA03', 'B', '40mg×14片', '盒', 3150, 15),
  western('氯雷他定片', 'R06AX13', 'A', '10mg×6片', '盒', 1040),
  western('西替利嗪片', 'R06AE07', 'B', '10mg×12片', '盒', 1290, 10),
  western('沙丁胺醇气雾剂', 'R03AC02', 'A', '100μg×200揿', '支', 1980),
  western('布地奈德福莫特罗吸入粉雾剂', 'R03AK07', 'B', '160/4.5μg×60吸', '支', 15600, 15),
  western('孟鲁司特钠片', 'R03DC03', 'B', '10mg×5片', '盒', 1940, 10),
  western('氨溴索片', 'R05CB06', 'A', '30mg×20片', '盒', 870),
  western('卡马西平片', 'N03AF01', 'A', '0.1g×100片', '瓶', 1780),
  western('丙戊酸钠缓释片', 'N03AG01', 'B', '0.5g×30片', '盒', 6120, 10),
  western('左旋多巴苄丝肼片', 'N04BA02', 'A', '250mg×40片', '盒', 6950),
  western('舍曲林片', 'N06AB06', 'B', '50mg×14片', '盒', 4260, 10),
  western('艾司西酞普兰片', 'N06AB10', 'A', '10mg×7片', '盒', 3380),
  western('叶酸片', 'B03BB01', 'A', '5mg×100片', '瓶', 1260),
  western('琥珀酸亚铁片', 'B03AA06', 'A', '0.1g×20片', '盒', 1470),
  western('碳酸钙D3片', 'A12AX', 'B', '600mg×30片', '瓶', 3120, 20),
  western('玻璃酸钠滴眼液', 'S01XA20', 'B', '0.1%×5ml', '支', 2680, 10),
  western('左氧氟沙星滴眼液', 'S01AE05', 'A', '5ml:24.4mg', '支', 1350),
  western('糠酸莫米松乳膏', 'D07AC13', 'B', '5g:5mg', '支', 1560, 10),
  western('坦索罗辛缓释胶囊', 'G04CA02', 'A', '0.2mg×10粒', '盒', 2960),
  western('非那雄胺片', 'G04CB01', 'B', '5mg×10片', '盒', 2350, 10),
  western('黄体酮胶囊', 'G03DA04', 'A', '50mg×20粒', '盒', 2240),
  western('维生素C咀嚼片', 'A11GA01', 'C', '100mg×60片', '瓶', 3900),
  western('氨糖软骨素胶囊', 'M01AX05', 'C', '0.5g×60粒', '瓶', 16800),
  western('人工泪液洗眼液', 'S01XA99', 'C', '100ml', '瓶', 4500),
  patent('连花清瘟胶囊', 'A', '0.35g×24粒', 1450),
  patent('复方丹参滴丸', 'A', '27mg×180丸', 2690),
  patent('六味地黄丸', 'A', '200丸', 1180),
  patent('板蓝根颗粒', 'A', '10g×20袋', 1260),
  patent('阿胶补血口服液', 'C', '20ml×12支', 12800),
  herbal('黄芪饮片', 32),
  herbal('当归饮片', 46),
  herbal('炙甘草饮片', 21),
  herbal('茯苓饮片', 18),
]

function western(
  name: string,
  atc: string,
  insuranceClass: CatalogueRow['insuranceClass'],
  spec: string,
  unit: string,
  priceFen: number,
  firstSharePercent = 0,
  limitFen: number | null = null,
): CatalogueRow {
  const firstSharePpm = insuranceClass === 'C' ? 100 * PERCENT : firstSharePercent * PERCENT
  return {
    nationalStem: `X${atc}`,
    name,
    spec,
    unit,
    priceFen,
    chargeCategory: WESTERN,
    insuranceClass,
    firstSharePpm,
    limitFen,
  }
}

function patent(
  name: string,
  insuranceClass: 'A' | 'C',
  spec: string,
  priceFen: number,
): CatalogueRow {
  const row = western(name, 'ZA', insuranceClass, spec, '盒', priceFen)
  return { ...row, nationalStem: 'ZA', chargeCategory: PATENT }
}

/** Cut herbs are prescribed by the gram. */
function herbal(name: string, priceFen: number): CatalogueRow {
  const row = western(name, '', 'A', '1g', '克', priceFen)
  return { ...row, nationalStem: 'T', chargeCategory: HERBAL }
}

import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'

/** A value of a laboratory report. `flag`: above, below or within its reference range. */
export type ReportValue = {
  code: string
  name: string
  value: string
  unit: string
  /** '3.5-9.5', or '阴性' for what is found or not. */
  reference: string
  flag: 'H' | 'L' | 'N' | 'POSITIVE'
}

/** What the laboratory measures for an item of the price list; most values are within their range. */
export function measure(random: Random, itemName: string): ReportValue[] {
  const analytes = ANALYTES[itemName]
  if (!analytes) return [found(random, itemName)]
  return analytes.map((analyte) => measureOne(random, analyte))
}

/** What the reader of a picture writes. */
export const readPicture = (
  random: Random,
  itemName: string,
): { findings: string; conclusion: string } =>
  chance(random, NORMAL_PPM)
    ? { findings: `${itemName}：各部显示清晰，未见明显异常改变。`, conclusion: '未见明显异常' }
    : { findings: `${itemName}：所见轻度改变，详见图像。`, conclusion: pick(random, REMARKS) }

const NORMAL_PPM = 800_000
const REMARKS = [
  '轻度退行性改变，建议随访',
  '少许慢性炎症改变，请结合临床',
  '局部信号稍异常，建议复查',
]

/** Ranges and values are whole numbers of the last decimal place: 35 with one decimal is 3.5. */
type Analyte = {
  code: string
  name: string
  unit: string
  low: number
  high: number
  decimals: number
}

function measureOne(
  random: Random,
  { code, name, unit, low, high, decimals }: Analyte,
): ReportValue {
  const width = high - low
  const outside = chance(random, 1_000_000 - NORMAL_PPM)
  const above = chance(random, 500_000)
  const within = low + randomBelow(random, width + 1)
  const off = 1 + randomBelow(random, Math.max(1, Math.floor(width / 3)))
  const value = !outside ? within : above ? high + off : Math.max(0, low - off)
  const flag = value > high ? 'H' : value < low ? 'L' : 'N'
  const reference = `${decimal(low, decimals)}-${decimal(high, decimals)}`
  return { code, name, value: decimal(value, decimals), unit, reference, flag }
}

function found(random: Random, itemName: string): ReportValue {
  const positive = !chance(random, NORMAL_PPM)
  const value = positive ? '阳性' : '阴性'
  const flag = positive ? 'POSITIVE' : 'N'
  return { code: 'QUAL', name: itemName, value, unit: '', reference: '阴性', flag }
}

function decimal(value: number, decimals: number): string {
  if (decimals === 0) return String(value)
  const digits = String(value).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

const analytes = (text: string): Analyte[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', name = '', unit = '', low = '0', high = '0', decimals = '0'] = line
        .trim()
        .split('|')
      return { code, name, unit, low: Number(low), high: Number(high), decimals: Number(decimals) }
    })

// Reference ranges of adults as laboratories commonly print them; the simulation is no medical source.
const ANALYTES: Record<string, Analyte[]> = {
  '血常规（五分类）': analytes(`WBC|白细胞计数|10^9/L|35|95|1
    RBC|红细胞计数|10^12/L|380|580|2
    HGB|血红蛋白|g/L|115|175|0
    PLT|血小板计数|10^9/L|125|350|0
    NEUT|中性粒细胞百分比|%|400|750|1
    LYMPH|淋巴细胞百分比|%|200|500|1`),
  肝功能全套: analytes(`ALT|丙氨酸氨基转移酶|U/L|9|50|0
    AST|天门冬氨酸氨基转移酶|U/L|15|40|0
    TBIL|总胆红素|μmol/L|34|205|1
    ALB|白蛋白|g/L|400|550|1`),
  肾功能三项: analytes(`UREA|尿素|mmol/L|31|80|1
    CREA|肌酐|μmol/L|57|97|0
    UA|尿酸|μmol/L|208|428|0`),
  血脂四项: analytes(`TC|总胆固醇|mmol/L|286|519|2
    TG|甘油三酯|mmol/L|56|170|2
    HDL|高密度脂蛋白胆固醇|mmol/L|104|155|2
    LDL|低密度脂蛋白胆固醇|mmol/L|130|337|2`),
  空腹血糖测定: analytes('GLU|葡萄糖|mmol/L|39|61|1'),
  糖化血红蛋白测定: analytes('HBA1C|糖化血红蛋白|%|40|60|1'),
  甲状腺功能五项: analytes(`FT3|游离三碘甲状腺原氨酸|pmol/L|31|68|1
    FT4|游离甲状腺素|pmol/L|120|220|1
    TSH|促甲状腺激素|mIU/L|27|420|2`),
  凝血四项: analytes(`PT|凝血酶原时间|s|94|125|1
    APTT|活化部分凝血活酶时间|s|251|365|1
    FIB|纤维蛋白原|g/L|238|498|2`),
  C反应蛋白测定: analytes('CRP|C反应蛋白|mg/L|0|100|1'),
  血尿酸测定: analytes('UA|尿酸|μmol/L|208|428|0'),
}

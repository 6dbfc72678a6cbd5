import { fen } from '../../../kernel/money.ts'
import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { BillLine, CatalogueEntry } from '../../../modules/catalogue/index.ts'

export const ENTRIES = 100_000
export const LINES = 1_000

const SYLLABLES = [
  '阿莫|头孢|奥美|硝苯|布洛|氨氯|左氧|氟康|二甲|格列|辛伐|阿托|美托|卡托|依那|缬沙|氯吡|利伐|甲硝|克拉',
  '西林|克肟|拉唑|地平|洛芬|沙星|双胍|本脲|他汀|洛尔|普利|格雷|沙班|硝唑|霉素|曲松|呋辛|他啶|吡肟|美酮',
  '钠|钾|钙|酯|酸|盐酸盐|磷酸盐|枸橼酸盐|甲磺酸盐|富马酸盐|马来酸盐|苯磺酸盐|酒石酸盐|氢溴酸盐|乳酸盐',
].map((words) => words.split('|'))
const FORMS = ['片剂', '胶囊剂', '注射液', '颗粒剂', '缓释片', '口服溶液', '软膏剂']
const IN_NAME = ['片', '胶囊', '注射液', '颗粒', '缓释片', '口服溶液', '软膏']
const SPECS = ['0.25g×24', '0.5g×12', '10mg×7', '20mg×14', '5ml:0.1g', '0.1g×10', '100ml']
const SERVED = '头|颈|胸|腹|盆|肩|肘|腕|髋|膝|踝|足|手|脊柱|颅脑|心脏|肺|肝|胆|胰|脾|肾'.split('|')
const DONE =
  'CT平扫|增强扫描|超声检查|穿刺术|探查术|成形术|置管术|缝合术|固定术|镜检|造影|活检'.split('|')

/** A catalogue of the size of a province's: half drugs by many makers, the rest services and materials. */
export function catalogueOf(random: Random): CatalogueEntry[] {
  return Array.from({ length: ENTRIES }, (_, i) => {
    const code = `X${String(i).padStart(7, '0')}`
    return i % 2 === 0 ? drugOf(random, code) : otherOf(random, code, i)
  })
}

const common = (random: Random) => ({
  atc: null,
  unit: '盒',
  coverClass: pick(random, ['A', 'B', 'B', 'C'] as const),
  priceLimits: chance(random, 300_000) ? { any: 1_000_000 + randomBelow(random, 90_000_000) } : {},
  firstSharePpm: pick(random, [0, 50_000, 100_000, 200_000]),
  isLimited: chance(random, 100_000),
  validFrom: businessDate('2026-01-01'),
  validTo: null,
})

function drugOf(random: Random, code: string): CatalogueEntry {
  const substance = SYLLABLES.map((words) => pick(random, words)).join('')
  const form = randomBelow(random, FORMS.length)
  return {
    ...common(random),
    code,
    kind: 'drug',
    name: substance + (IN_NAME[form] ?? ''),
    substance,
    form: FORMS[form] ?? null,
    spec: pick(random, SPECS),
  }
}

function otherOf(random: Random, code: string, i: number): CatalogueEntry {
  const kind = i % 4 === 1 ? 'service' : 'material'
  const size = kind === 'material' ? `${1 + randomBelow(random, 60)}型` : ''
  return {
    ...common(random),
    code,
    kind,
    name: `${pick(random, SERVED)}部${pick(random, SERVED)}${pick(random, DONE)}${size}`,
    substance: null,
    form: null,
    spec: kind === 'material' ? `${randomBelow(random, 200)}mm` : '',
  }
}

/**
 * A bill as hospitals send it: most lines with their national code, some only with their name as the catalogue has it, and a few
 * written with a slip. `slips`: all of them are, and none has a code.
 */
export function billOf(
  random: Random,
  entries: readonly CatalogueEntry[],
  { slips }: { slips: boolean },
): BillLine[] {
  return Array.from({ length: LINES }, (_, i) => {
    const entry = pick(random, entries)
    const byCode = !slips && chance(random, 800_000)
    const hasSlip = slips || (!byCode && chance(random, 200_000))
    const unitPriceFen = fen(100 + randomBelow(random, 20_000))
    const quantity = 1 + randomBelow(random, 9)
    return {
      lineNo: i + 1,
      code: `H${i}`,
      name: hasSlip ? withSlip(random, entry.name) : entry.name,
      spec: entry.spec,
      unit: entry.unit,
      unitPriceFen,
      chargeCategory: { drug: '09', herb: '10', material: '08', service: '03' }[entry.kind],
      nationalCode: byCode ? entry.code : null,
      quantity,
      amountFen: fen(unitPriceFen * quantity),
    }
  })
}

function withSlip(random: Random, name: string): string {
  const at = randomBelow(random, name.length)
  return `${name.slice(0, at)}某${name.slice(at + 1)}`
}

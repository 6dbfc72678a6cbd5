import { addDays, type BusinessDate, businessDate } from '../../../kernel/time.ts'
import { checkDigitOf } from '../../../modules/identity/index.ts'
import type { MatchFacts } from '../../../modules/person-index/index.ts'

/** Records of invented people, some of them of one person: `truth` says who. Region codes are nobody's (99…). */
export type LabelledRecord = MatchFacts & { truth: number }

/** The same numbers for the same seed; fast, and good for nothing but inventing. Source: mulberry32. */
function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    below,
    is: (share) => next() < share,
    // Small numbers far more often than large ones, as names are given.
    lowBelow: (bound) => Math.floor(bound * next() ** 2.5),
    of: (letters) => letters[below(letters.length)] ?? '',
  }
}

type Chance = {
  below(bound: number): number
  lowBelow(bound: number): number
  is(share: number): boolean
  of(letters: readonly string[]): string
}

// In the order of how many bear them.
const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任' +
    '姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
)
const GIVEN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文辉鹏飞燕玲婷雪梅琳晶欣怡佳慧颖倩宇浩轩子涵梓晨雨泽博思远俊' +
    '峰凯旭阳鑫淼波斌宁海龙晓东春生荣庆祥福贵德义永长安康乐天成立新爱民卫兵学忠孝诚信仁和瑞雅诗琪瑶萱悦晴岚菲菁薇莹珊珍珠翠' +
    '云彩凤仙莲荷菊竹松柏林森木水清江河湖川源泉',
)
const MINORITY = [
  '买买提',
  '阿依古丽',
  '热合曼',
  '艾力',
  '古丽娜尔',
  '阿不都',
  '吐尔逊',
  '帕提曼',
  '艾合买提',
  '努尔',
]
const STREETS = ['和平', '解放', '人民', '建设', '中山', '文化', '新华', '长江', '青年', '朝阳']

const FIRST_DAY = businessDate('1935-01-01')

/** Households until there are so many people; about one in `duplicateShare` has a second record, written otherwise. */
export function* inventPeople(options: Options): Generator<LabelledRecord> {
  const { people, duplicateShare, seed, birthDays } = options
  const chance = chanceFrom(seed)
  let truth = 0
  while (truth < people) {
    for (const member of household(chance, birthDays)) {
      const record = { ...member, truth }
      yield record
      if (chance.is(duplicateShare)) yield writtenOtherwise(record, chance)
      truth += 1
      if (truth >= people) return
    }
  }
}

type Options = {
  people: number
  duplicateShare: number
  seed: number
  /** On so many days they are born: with few, a part of a region has namesakes as all of it has. */
  birthDays?: number
}

const ALL_DAYS = 24_000
/** Children are born so much later than the first of all. */
const LATER_DAYS = 8_000

function household(chance: Chance, birthDays = ALL_DAYS): MatchFacts[] {
  const surname = surnameOf(chance)
  const home = `海岳市${chance.of(STREETS)}区${chance.of(STREETS)}路${1 + chance.below(900)}号${1 + chance.below(30)}-${100 + chance.below(2_500)}`
  const phone = phoneOf(chance)
  const county = `99${String(101 + chance.below(60)).padStart(4, '0')}`
  const place = { county, address: home }
  const grown = addDays(FIRST_DAY, chance.below(birthDays))
  const parents = [
    member(chance, { ...place, surname, birthDate: grown, gender: 'male', phone }),
    member(chance, {
      ...place,
      surname: surnameOf(chance),
      birthDate: addDays(FIRST_DAY, chance.below(birthDays)),
      gender: 'female',
      phone: chance.is(0.6) ? phoneOf(chance) : phone,
    }),
  ]
  return [...parents, ...childrenOf(chance, { ...place, surname, phone }, birthDays)]
}

function childrenOf(
  chance: Chance,
  family: { county: string; address: string; surname: string; phone: string },
  birthDays: number,
): MatchFacts[] {
  if (chance.is(0.4)) return []
  const birthDate = addDays(FIRST_DAY, LATER_DAYS + chance.below(birthDays))
  const order = chance.below(480)
  // One birth in fifty is of twins here, whose numbers follow each other, and who often share a part of their names.
  const isTwins = chance.is(0.02)
  const shared = isTwins && chance.is(0.5) ? chance.of(GIVEN) : ''
  const child = (at: number) =>
    member(chance, {
      ...family,
      birthDate,
      order: order + at,
      given: shared,
      gender: chance.is(0.5) ? 'male' : 'female',
    })
  return isTwins ? [child(0), child(1)] : [child(0)]
}

function member(chance: Chance, of: Member): MatchFacts {
  const { surname, gender, county, phone, address, given = '' } = of
  const birthDate = chance.is(0.01)
    ? businessDate(`${of.birthDate.slice(0, 4)}-01-01`)
    : of.birthDate
  const order = 2 * (of.order ?? chance.below(490)) + (gender === 'male' ? 1 : 0)
  const body = `${county}${birthDate.replaceAll('-', '')}${String(order).padStart(3, '0')}`
  return {
    name: nameOf(surname, given, chance),
    idNumber: body + checkDigitOf(body),
    idKind: 'id_card',
    birthDate,
    gender,
    phone,
    address,
    standing: 'identified',
  }
}

type Member = {
  surname: string
  given?: string
  gender: 'male' | 'female'
  birthDate: BusinessDate
  order?: number
  county: string
  phone: string
  address: string
}

const surnameOf = (chance: Chance): string => SURNAMES[chance.lowBelow(SURNAMES.length)] ?? '王'

function nameOf(surname: string, given: string, chance: Chance): string {
  if (chance.is(0.01)) return `${chance.of(MINORITY)}·${chance.of(MINORITY)}`
  const first = given || (GIVEN[chance.lowBelow(GIVEN.length)] ?? '')
  return (
    surname + first + (given || chance.is(0.75) ? (GIVEN[chance.lowBelow(GIVEN.length)] ?? '') : '')
  )
}

const phoneOf = (chance: Chance): string =>
  `1${3 + chance.below(7)}${String(chance.below(1_000_000_000)).padStart(9, '0')}`

const ALIKE = [
  ['峰', '峯'],
  ['升', '昇'],
  ['杰', '傑'],
  ['云', '雲'],
  ['国', '國'],
  ['龙', '龍'],
] as const
const SOUNDS = [
  ['伟', '玮'],
  ['静', '婧'],
  ['丽', '莉'],
  ['晓', '小'],
  ['宇', '雨'],
  ['梅', '玫'],
] as const
const LOOKS = [
  ['晴', '睛'],
  ['宇', '宁'],
  ['玲', '铃'],
  ['思', '恩'],
  ['泽', '译'],
  ['俊', '峻'],
] as const

/** How the same person is written at another desk. */
function writtenOtherwise(record: LabelledRecord, chance: Chance): LabelledRecord {
  return {
    ...record,
    name: renamed(record.name, chance),
    idNumber: renumbered(record.idNumber ?? '', chance),
    birthDate: reborn(record.birthDate, chance),
    gender: chance.is(0.005) ? 'unknown' : record.gender,
    phone: rephoned(record.phone ?? '', chance),
    address: readdressed(record.address ?? '', chance),
  }
}

function renamed(name: string, chance: Chance): string {
  const swaps = [...ALIKE, ...(chance.is(0.2) ? [...SOUNDS, ...LOOKS] : [])]
  const swapped = chance.is(0.3) ? swaps.reduce((text, [a, b]) => text.replace(a, b), name) : name
  if (name.includes('·'))
    return chance.is(0.5) ? swapped.replace('·', chance.of(['•', '.', '・', ''])) : swapped
  const letters = Array.from(swapped)
  if (letters.length > 2 && chance.is(0.005)) return [letters[0], letters[2], letters[1]].join('')
  if (chance.is(0.005))
    return [...letters.slice(0, -1), chance.of(['?', '？', '\uE000', '*'])].join('')
  return chance.is(0.005) ? [...letters.slice(0, -1), chance.of(GIVEN)].join('') : swapped
}

function renumbered(number: string, chance: Chance): string | null {
  if (chance.is(0.3)) return null
  if (number.startsWith('19', 6) && chance.is(0.03)) return number.slice(0, 6) + number.slice(8, 17)
  if (!chance.is(0.03)) return chance.is(0.5) ? number : number.toLowerCase()
  const at = 6 + chance.below(10)
  const [before, here = '', there = '', after] = [
    number.slice(0, at),
    number[at],
    number[at + 1],
    number.slice(at + 2),
  ]
  return chance.is(0.5)
    ? `${before}${there}${here}${after}`
    : `${before}${(Number(here) + 1 + chance.below(9)) % 10}${there}${after}`
}

function reborn(date: BusinessDate, chance: Chance): BusinessDate {
  const [year = '', month = '', day = ''] = date.split('-')
  if (chance.is(0.01)) return businessDate(`${year}-01-01`)
  if (chance.is(0.01) && Number(day) <= 12) return businessDate(`${year}-${day}-${month}`)
  if (date.endsWith('-02-29') && chance.is(0.3)) return businessDate(`${year}-03-01`)
  return chance.is(0.01)
    ? businessDate(`${Number(year) - 1}-${month}-${month === '02' && day === '29' ? '28' : day}`)
    : date
}

function rephoned(phone: string, chance: Chance): string | null {
  if (chance.is(0.1)) return null
  if (chance.is(0.25)) return phoneOf(chance)
  return chance.is(0.02) ? phone.slice(0, 10) + String(chance.below(10)) : phone
}

function readdressed(address: string, chance: Chance): string | null {
  if (chance.is(0.2)) return null
  if (chance.is(0.15))
    return `海岳市${chance.of(STREETS)}区${chance.of(STREETS)}路${1 + chance.below(900)}号`
  return chance.is(0.2) ? address.slice(0, 10) : address
}

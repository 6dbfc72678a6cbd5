import type { ItemKind } from './entry.ts'

/** A name as it is compared: without signs and notes, the form of a drug apart from it. */
export type NormalName = { base: string; form: string }

/**
 * Shape: full-width to half-width, lower case, no signs, no notes about class or purchase.
 * The form is read off the end of a drug's name unless the item states one.
 */
export function normaliseName(name: string, kind: ItemKind, form: string | null): NormalName {
  const text = plain(name.normalize('NFKC').toLowerCase().replace(NOTES, ''))
  if (kind !== 'drug') return { base: text, form: '' }
  const inName = formInName(text)
  const stated = form === null ? '' : canonicalForm(plain(form.normalize('NFKC').toLowerCase()))
  return { base: inName.base, form: stated === '' ? inName.form : stated }
}

/** What pharmacies write into a name that is no part of it. */
const NOTES =
  /[([【](?:甲|乙|丙|甲类|乙类|丙类|集采|国采|国谈|省采|联采|自费|医保|进口|国产|合资|特|基|基药)[)\]】]/g

const SIGNS = /[\s()[\]【】{}<>《》·•.,，。、;:'"“”‘’_\-–—~*★▲△#&+/\\|]/g
const plain = (text: string) => text.replace(SIGNS, '')

/** Written in many ways, meant as one; the longest is looked for first. */
const FORMS: Record<string, readonly string[]> = {
  sustained_tablet: ['缓释片剂', '缓释片', '控释片'],
  enteric_tablet: ['肠溶片剂', '肠溶片'],
  dispersible_tablet: ['分散片剂', '分散片'],
  chewable_tablet: ['咀嚼片'],
  orodispersible_tablet: ['口腔崩解片', '口崩片'],
  tablet: ['薄膜衣片', '糖衣片', '素片', '片剂', '片'],
  enteric_capsule: ['肠溶胶囊剂', '肠溶胶囊'],
  sustained_capsule: ['缓释胶囊剂', '缓释胶囊', '控释胶囊'],
  soft_capsule: ['软胶囊剂', '软胶囊'],
  capsule: ['硬胶囊剂', '硬胶囊', '胶囊剂', '胶囊'],
  granule: ['颗粒剂', '颗粒', '冲剂'],
  powder_injection: ['注射用无菌粉末', '粉针剂', '冻干粉针', '粉针'],
  injection: ['大容量注射液', '小容量注射液', '注射液', '注射剂', '针剂'],
  oral_solution: ['口服溶液剂', '口服溶液', '口服液', '合剂'],
  suspension: ['口服混悬液', '干混悬剂', '混悬液', '混悬剂'],
  syrup: ['糖浆剂', '糖浆'],
  eye_drops: ['滴眼液', '滴眼剂', '眼药水'],
  nasal_spray: ['鼻喷雾剂', '鼻喷剂'],
  aerosol: ['吸入气雾剂', '气雾剂', '吸入粉雾剂', '吸入剂', '喷雾剂'],
  cream: ['乳膏剂', '乳膏', '霜剂'],
  ointment: ['软膏剂', '软膏', '眼膏'],
  gel: ['凝胶剂', '凝胶'],
  patch: ['贴膏剂', '贴剂', '贴膏'],
  suppository: ['栓剂', '栓'],
  drop_pill: ['滴丸剂', '滴丸'],
  pill: ['浓缩丸', '水蜜丸', '大蜜丸', '丸剂', '丸'],
}

const WRITTEN = Object.entries(FORMS)
  .flatMap(([form, words]) => words.map((word) => ({ form, word })))
  .toSorted((a, b) => b.word.length - a.word.length)
const BY_WORD = new Map(WRITTEN.map(({ form, word }) => [word, form]))
const LONGEST_WORD = Math.max(...WRITTEN.map(({ word }) => word.length))

/** A form that is not in the table stays what it is. */
const canonicalForm = (text: string): string => BY_WORD.get(text) ?? text

const FOR_INJECTION = '注射用'

function formInName(name: string): NormalName {
  if (name.startsWith(FOR_INJECTION) && name.length > FOR_INJECTION.length) {
    return { base: name.slice(FOR_INJECTION.length), form: 'powder_injection' }
  }
  // At least one character of a name is left.
  for (let length = Math.min(LONGEST_WORD, name.length - 1); length > 0; length--) {
    const form = BY_WORD.get(name.slice(-length))
    if (form) return { base: name.slice(0, -length), form }
  }
  return { base: name, form: '' }
}

/** A specification as it is compared: "0.5g*24粒/盒" and "500mg×24" are one. */
export type NormalSpec = { strength: string; pack: string }

export function normaliseSpec(spec: string): NormalSpec {
  const text = spec
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('μ', 'u')
    .replaceAll('µ', 'u')
    .replace(/\s/g, '')
    .replace(/[×✕＊*]/g, 'x')
    .replace(/\/[盒瓶袋支板包套罐筒条]$/, '')
  const [strength = '', ...pack] = text
    .split(/x(?=\d)/)
    .map((part) =>
      part.replace(MEASURE, (_all, number: string, unit: string) => inBaseUnit(number, unit)),
    )
  return { strength, pack: pack.map((part) => part.replace(/[^\d.]+$/, '')).join('x') }
}

const MEASURE = /(\d+(?:\.\d+)?)(ug|mg|kg|g|ml|l)(?![a-z])/g
const SHIFT: Record<string, readonly [decimals: number, unit: string]> = {
  ug: [0, 'ug'],
  mg: [3, 'ug'],
  g: [6, 'ug'],
  kg: [9, 'ug'],
  ml: [0, 'ml'],
  l: [3, 'ml'],
}

/** By moving the point in the text, so that 0.1 g is 100000 µg exactly. */
function inBaseUnit(number: string, unit: string): string {
  const [decimals, base] = SHIFT[unit] ?? [0, unit]
  const [whole = '', fraction = ''] = number.split('.')
  const moved = fraction.padEnd(decimals, '0')
  const integer = (whole + moved.slice(0, decimals)).replace(/^0+(?=\d)/, '')
  const rest = moved.slice(decimals).replace(/0+$/, '')
  return `${integer}${rest === '' ? '' : `.${rest}`}${base}`
}

import { type His, placeOf } from './context.ts'
import type { Bill } from './protocol.ts'
import { getDepartment } from './registry.ts'

/** Where to go with the receipt: one line for each place, in the order they are best walked. */
export function guidanceOf({ registry }: His, bill: Bill): string[] {
  const { name, location } = getDepartment(registry, bill.department.code)
  if (bill.kind === 'registration') return [`${location} ${name} 候诊区，请按叫号就诊`]
  const categories = new Set(bill.items.map((item) => item.chargeCategory))
  const window = (placeOf(bill.billNo) % PHARMACY_WINDOWS) + 1
  return PLACES.filter((place) => place.categories.some((c) => categories.has(c))).map((place) =>
    place.text.replace('{department}', `${location} ${name}`).replace('{window}', String(window)),
  )
}

const PHARMACY_WINDOWS = 6

// By charge category (med_chrgitm_type).
const PLACES = [
  { categories: ['04'], text: '1 楼 C 区 检验科采样处' },
  { categories: ['03'], text: '1 楼 B 区 医技检查预约台' },
  { categories: ['05', '06', '07'], text: '{department} 治疗室' },
  { categories: ['01', '02', '12', '13', '14'], text: '{department} 分诊台' },
  { categories: ['08', '09', '10', '11'], text: '1 楼 A 区 门诊药房 {window} 号窗口' },
]

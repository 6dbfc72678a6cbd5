/** A bill as a hospital's system tells it, and the mapping of one of its items to twelve fields of ours. */
export const FIELDS = 12

export const MAPPING = `{
  "visitNo": body.visit.no,
  "items": body.list.{
    "lineNo": $number(seq),
    "code": code,
    "name": $trim(name),
    "category": $lookup($$.params.categories, kind),
    "unit": unit,
    "specification": spec != "" ? spec,
    "quantity": $number(qty),
    "unitPriceFen": $fen(price),
    "amountFen": $fen(amount),
    "insuranceLevel": $lookup($$.params.levels, level),
    "department": $substringBefore(dept, "|"),
    "orderedAt": $instant(at, "yyyyMMddHHmmss")
  }
}`

const CATEGORIES = { '01': 'drug', '02': 'laboratory', '03': 'examination', '09': 'other' }
const KINDS = Object.keys(CATEGORIES)

export function billOf(items: number): object {
  return {
    params: { categories: CATEGORIES, levels: { 1: 'A', 2: 'B', 3: 'self_paid' } },
    body: {
      visit: { no: 'O20261122000123' },
      list: Array.from({ length: items }, (_, i) => ({
        seq: String(i + 1),
        code: `XJ01CA${String(i).padStart(4, '0')}`,
        name: ` 阿莫西林胶囊 ${i} `,
        kind: KINDS[i % KINDS.length],
        unit: '盒',
        spec: i % 3 === 0 ? '' : '0.25g*24',
        qty: String((i % 5) + 1),
        price: `${(i % 90) + 1}.50`,
        amount: `${((i % 90) + 1) * ((i % 5) + 1)}.00`,
        level: String((i % 3) + 1),
        dept: '0301|内科门诊',
        at: '20261122101500',
      })),
    },
  }
}

import { assert } from '../../../kernel/assert.ts'
import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { CatalogueItem, WorldDepartment, WorldPerson } from '../world/index.ts'
import { isPaid, listBills } from './bill-rows.ts'
import type { BillOrder, ItemOrder } from './bills.ts'
import type { His } from './context.ts'
import { practiceOf } from './practice.ts'
import type { Bill } from './protocol.ts'
import { consultationOf, getPerson } from './registry.ts'

/**
 * What the person may be billed next: a registration, or what the doctor of their visit orders.
 *
 * Who has paid a registration today mostly gets one or two bills of its visit; of the others, some
 * register and some are billed without (a visit on a plan made before).
 */
export function randomOrder(his: His, random: Random, personNo: number): BillOrder {
  const person = getPerson(his.registry, personNo)
  const visit = visitGoingOn(his, personNo)
  if (visit && chance(random, 850_000)) return consultation(his, random, personNo, visit)

  const department = pick(random, departmentsFor(his, person))
  const doctor = pick(random, department.doctors)
  const visitToBe = { departmentCode: department.code, doctorCode: doctor.code }
  if (chance(random, 450_000)) {
    const fee = { code: consultationOf(his.registry, doctor).code, quantity: 1 }
    const booklet = his.registry.itemByName.get('病历本工本费')
    const items = booklet && chance(random, 100_000) ? [fee, once(booklet)] : [fee]
    return { personNo, ...visitToBe, kind: 'registration', items }
  }
  return consultation(his, random, personNo, visitToBe)
}

type VisitToBe = { departmentCode: string; doctorCode: string; visitNo?: string }

/** Up to ten things that the department usually orders, each once. */
function consultation(his: His, random: Random, personNo: number, visit: VisitToBe): BillOrder {
  const department = his.registry.hospital.departments.find((d) => d.code === visit.departmentCode)
  assert(department, `department ${visit.departmentCode} is the hospital's own`)
  const { itemByName, catalogue } = his.registry
  const usual = practiceOf(department.subjectCode).items.flatMap((name) => {
    const item = itemByName.get(name)
    return item ? [item] : []
  })
  const rest = usual.length > 0 ? usual : [...catalogue]
  const count = 1 + randomBelow(random, Math.min(MOST_ITEMS, rest.length))
  const items = Array.from({ length: count }, () => {
    const [item] = rest.splice(randomBelow(random, rest.length), 1)
    assert(item, 'there are as many as are taken')
    return { code: item.code, quantity: quantityOf(random, item) }
  })
  return { personNo, ...visit, kind: 'outpatient', items }
}

const MOST_ITEMS = 10

/** Herbs by the gram, drugs and material by the pack, treatments in courses, and tests once. */
function quantityOf(random: Random, { chargeCategory }: CatalogueItem): number {
  switch (chargeCategory) {
    case '10':
      return 30 + 10 * randomBelow(random, 20)
    case '08':
    case '09':
    case '11':
      return 1 + randomBelow(random, 3)
    case '05':
      return 1 + randomBelow(random, 5)
    default:
      return 1
  }
}

/** Today's visit with a paid registration and fewer than two bills since. */
function visitGoingOn(his: His, personNo: number): VisitToBe | null {
  const today = businessDateOf(his.clock.now())
  const recent = listBills(his, { personNo, newestFirst: true, limit: RECENT_BILLS })
  const todays = recent.filter((bill) => bill.createdAt.startsWith(today))
  const since = (registration: Bill) =>
    todays.filter((b) => b.visitNo === registration.visitNo && b.kind === 'outpatient').length
  // A visit with a value of the sandbox is over with its one bill: the value is of that bill alone.
  const found = todays.find(
    (b) => b.kind === 'registration' && isPaid(b) && since(b) < 2 && !b.doctor.code.includes('-'),
  )
  if (!found) return null
  const { visitNo, department, doctor } = found
  return { visitNo, departmentCode: department.code, doctorCode: doctor.code }
}

const RECENT_BILLS = 10

/** Departments the person may be a patient of, by gender and age. */
function departmentsFor({ registry, clock }: His, person: WorldPerson): WorldDepartment[] {
  const thisYear = Number(businessDateOf(clock.now()).slice(0, 4))
  const isChild = thisYear - Number(person.birthDate.slice(0, 4)) < 15
  const departments = registry.hospital.departments.filter(({ subjectCode }) => {
    if (subjectCode === PAEDIATRICS) return isChild
    if (isChild) return FOR_ALL_AGES.includes(subjectCode)
    return subjectCode !== (person.gender === 'male' ? GYNAECOLOGY : UROLOGY)
  })
  return departments.length > 0 ? departments : registry.hospital.departments
}

// By the national list of 诊疗科目. Urology here orders for men only.
const GYNAECOLOGY = '05.01'
const UROLOGY = '04.04'
const PAEDIATRICS = '07'
const FOR_ALL_AGES = ['04.03', '10', '11', '12', '13']

const once = ({ code }: CatalogueItem): ItemOrder => ({ code, quantity: 1 })

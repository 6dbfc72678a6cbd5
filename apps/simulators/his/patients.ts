import { businessDate, isBusinessDate, toShanghaiIso } from '../../../kernel/time.ts'
import type { WorldPerson } from '../world/index.ts'
import { idCardCheckCharacter } from '../world/numbers.ts'
import { isPatient } from './bills.ts'
import type { His } from './context.ts'
import { nextCount } from './memory.ts'
import { type Answer, done, refusal } from './protocol.ts'
import { cardNoOf, deskCardNoOf, patientNoOf, personOf, type Registry } from './registry.ts'
import type { Store } from './store.ts'

export type PatientView = {
  patientNo: string
  cardNo: string
  name: string
  idCardNo: string
  gender: 'male' | 'female'
  birthDate: string
  phone: string
}

export type CreatePatient = {
  name: string
  idCardNo: string
  phone: string
  /** Of who has no identity card: the card's place is taken by what they show, as 'passport:E12345678'. */
  shown?: { gender: 'male' | 'female'; birthDate: string }
}

/**
 * `patients.create`, key `idCardNo`: a file for who comes for the first time. Who has one already gets it
 * again under the same name, and `IDENTITY_INVALID` under another.
 */
export function createPatient(his: His, wish: CreatePatient): Answer {
  const { store, registry, clock } = his
  const { name, idCardNo, phone } = wish
  if (!wish.shown && !isIdCardNo(idCardNo))
    return refusal('IDENTITY_INVALID', 'idCardNo has not its check digit')
  const known = registry.personByIdCardNo.get(idCardNo)
  if (known && known.name !== name) {
    return refusal('IDENTITY_INVALID', 'the identity number is somebody else’s')
  }
  if (known && isPatient(his, known)) return done({ patient: viewPatient(registry, known) })
  const person = known ?? newcomer(his, wish)
  const { no, gender, birthDate } = person
  const sql = 'insert into patient_file values (?, ?, ?, ?, ?, ?, ?, ?)'
  const row = [no, patientNoOf(registry, person), name, idCardNo, gender, birthDate, phone]
  store.run(sql, ...row, clock.now().toISOString())
  const createdAt = toShanghaiIso(clock.now())
  return done({ patient: viewPatient(registry, person), createdAt })
}

/** By any number the hospital goes by; null for who is no patient here. */
export function findPatient(
  his: His,
  { idCardNo, cardNo, patientNo }: { idCardNo?: string; cardNo?: string; patientNo?: string },
): PatientView | null {
  const { registry } = his
  const person =
    (patientNo ? personOf(registry, patientNo) : null) ??
    (cardNo ? holderOf(registry, cardNo) : null) ??
    (idCardNo ? registry.personByIdCardNo.get(idCardNo) : null)
  return person && isPatient(his, person) ? viewPatient(registry, person) : null
}

/** Makes those known who were given a file before and are not of the world. */
export function recallNewcomers(store: Store, registry: Registry): void {
  const sql = 'select * from patient_file where person_no >= ?'
  for (const row of store.all<FileRow>(sql, FIRST_NEWCOMER)) {
    const { person_no: no, name, phone, gender } = row
    const birthDate = businessDate(row.birth_date)
    const shown = { idCardNo: row.id_card_no, gender, birthDate }
    addPerson(registry, { ...NO_MEDIA, no, name, phone, ...shown })
  }
}

function newcomer({ store, registry }: His, wish: CreatePatient): WorldPerson {
  const { name, idCardNo, phone } = wish
  const { gender, birthDate } = wish.shown ?? saidBy(idCardNo)
  const no = FIRST_NEWCOMER - 1 + nextCount(store, 'newcomer')
  const shown = { idCardNo, gender, birthDate: businessDate(birthDate) }
  const person = { ...NO_MEDIA, no, name, phone, ...shown }
  addPerson(registry, person)
  return person
}

/** People of the world are counted from one, and never so far. */
const FIRST_NEWCOMER = 90_000_001

function addPerson({ personByNo, personByIdCardNo }: Registry, person: WorldPerson): void {
  personByNo.set(person.no, person)
  personByIdCardNo.set(person.idCardNo, person)
}

/** What an identity number says of its holder. */
const saidBy = (idCardNo: string) => ({
  gender: Number(idCardNo[16]) % 2 === 1 ? ('male' as const) : ('female' as const),
  birthDate: [idCardNo.slice(6, 10), idCardNo.slice(10, 12), idCardNo.slice(12, 14)].join('-'),
})

const NO_MEDIA = {
  openid: '',
  insurance: null,
  media: {
    socialCardNo: '',
    insuranceVoucher: '',
    healthCode: '',
    bankCardNo: '',
    hospitalCards: [],
  },
}

const viewPatient = (registry: Registry, person: WorldPerson): PatientView => ({
  patientNo: patientNoOf(registry, person),
  cardNo: cardNoOf(registry, person) ?? deskCardNoOf(registry, person),
  name: person.name,
  idCardNo: person.idCardNo,
  gender: person.gender,
  birthDate: person.birthDate,
  phone: person.phone,
})

function holderOf(registry: Registry, cardNo: string): WorldPerson | null {
  const person = registry.personByNo.get(Number(cardNo.slice(-8)))
  if (!person) return null
  const own = cardNoOf(registry, person) ?? deskCardNoOf(registry, person)
  return own === cardNo ? person : null
}

/** With a day of the calendar in it, and the right last character. */
const isIdCardNo = (text: string): boolean =>
  /^\d{17}[\dX]$/.test(text) &&
  isBusinessDate(saidBy(text).birthDate) &&
  idCardCheckCharacter(text.slice(0, 17)) === text[17]

type FileRow = {
  person_no: number
  name: string
  id_card_no: string
  gender: 'male' | 'female'
  birth_date: string
  phone: string
}

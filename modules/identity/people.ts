import type { HospitalId, Id } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { maskIdCard, maskName, maskPhone } from './mask.ts'
import { maskMedium, mediumIndexOf, mediumPurpose } from './medium.ts'
import type { Gender, MediumKind, PersonId } from './person.ts'
import { findMedium, findPersonByIndex, getPerson, listMedia } from './store-people.ts'
import type { MediumStatus } from './tables.ts'

export function createPeople({ db, seal }: { db: Db; seal: Seal }) {
  return { findPersonByMedium, mediaOf, personView, payerAccount, insuredPerson }

  /**
   * Who was known by the medium when it was bound; null for nobody's, and for one that is lost, replaced or made for
   * minutes (resolveMedium says which). A hospital_card is looked for at its hospital.
   */
  function findPersonByMedium(
    kind: MediumKind,
    value: string,
    hospitalId: HospitalId | null = null,
  ): Promise<PersonId | null> {
    return findPersonByIndex(db, kind, mediumIndexOf(seal, { kind, value, hospitalId }))
  }

  /** The media a person is known by, masked. */
  async function mediaOf(personId: PersonId): Promise<MediumView[]> {
    const media = await listMedia(db, personId)
    return media.map(({ id, kind, value_sealed, hospital_id, status }) => ({
      id,
      kind,
      masked: maskMedium(kind, seal.open(mediumPurpose(kind), value_sealed)),
      hospitalId: hospital_id,
      status,
    }))
  }

  /** The person, numbers masked; the name in full and the birth date for the owner alone. Errors: person_not_found. */
  async function personView(personId: PersonId, viewer: Viewer): Promise<PersonView> {
    const row = await getPerson(db, personId)
    const name = seal.open('identity.name', row.name_sealed)
    const birthDate = seal.open('identity.birth_date', row.birth_date_sealed) as BusinessDate
    const phone = row.phone_sealed && seal.open('identity.phone', row.phone_sealed)
    return {
      personId,
      name: viewer === 'owner' ? name : maskName(name),
      idCardNo: row.id_card_sealed
        ? maskIdCard(seal.open('identity.id_card', row.id_card_sealed))
        : '',
      phone: phone && maskPhone(phone),
      gender: seal.open('identity.gender', row.gender_sealed) as Gender,
      birthDate: viewer === 'owner' ? birthDate : null,
    }
  }

  /** The payer's account at a channel, in full, for the channel alone; null when none is bound. */
  function payerAccount(personId: PersonId, channel: 'wechat'): Promise<string | null> {
    return mediumValue(personId, MEDIUM_OF_CHANNEL[channel])
  }

  /** What the medical insurance asks of the insured, in full; null for somebody without a voucher. Errors: person_not_found. */
  async function insuredPerson(personId: PersonId): Promise<InsuredPerson | null> {
    const row = await getPerson(db, personId)
    const voucherToken = await mediumValue(personId, 'insurance_voucher')
    if (voucherToken === null || row.id_card_sealed === null) return null
    return {
      voucherToken,
      idCardNo: seal.open('identity.id_card', row.id_card_sealed),
      name: seal.open('identity.name', row.name_sealed),
    }
  }

  async function mediumValue(personId: PersonId, kind: MediumKind): Promise<string | null> {
    const medium = await findMedium(db, personId, kind)
    return medium && seal.open(mediumPurpose(kind), medium.value_sealed)
  }
}

const MEDIUM_OF_CHANNEL = { wechat: 'wechat_openid' } as const

/** 'owner': the person themself. 'others': staff, family, a shared screen. */
export type Viewer = 'owner' | 'others'

export type PersonView = {
  personId: PersonId
  name: string
  /** Empty for somebody who has none yet: a newborn, or a person not identified. */
  idCardNo: string
  phone: string | null
  gender: Gender
  birthDate: BusinessDate | null
}

export type MediumView = {
  id: Id<'Medium'>
  kind: MediumKind
  masked: string
  hospitalId: HospitalId | null
  status: MediumStatus
}

export type InsuredPerson = { voucherToken: string; idCardNo: string; name: string }

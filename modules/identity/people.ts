import type { BusinessDate } from '../../kernel/time.ts'
import { shown } from '../../platform/classification.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Gender, MediumKind, PersonId } from './person.ts'
import { ofMedium, ofPerson } from './sealed.ts'
import { findMedium, getPerson } from './store-people.ts'

export function createPeople({ db, seal }: { db: Db; seal: Seal }) {
  return { personView, payerAccount, insuredPerson }

  /** The person, numbers masked; the name in full and the birth date for the owner alone. Errors: person_not_found. */
  async function personView(personId: PersonId, viewer: Viewer): Promise<PersonView> {
    const row = await getPerson(db, personId)
    const name = seal.open(ofPerson('name', personId), row.name_sealed)
    const birthDate = seal.open(
      ofPerson('birth_date', personId),
      row.birth_date_sealed,
    ) as BusinessDate
    const phone = row.phone_sealed && seal.open(ofPerson('phone', personId), row.phone_sealed)
    return {
      personId,
      name: shown('name', name, [viewer]) ?? '',
      idCardNo: row.id_card_sealed
        ? (shown('identityNumber', seal.open(ofPerson('id_card', personId), row.id_card_sealed), [
            viewer,
          ]) ?? '')
        : '',
      phone: phone && shown('phone', phone, [viewer]),
      gender: seal.open(ofPerson('gender', personId), row.gender_sealed) as Gender,
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
      idCardNo: seal.open(ofPerson('id_card', personId), row.id_card_sealed),
      name: seal.open(ofPerson('name', personId), row.name_sealed),
    }
  }

  async function mediumValue(personId: PersonId, kind: MediumKind): Promise<string | null> {
    const medium = await findMedium(db, personId, kind)
    return medium && seal.open(ofMedium(kind, personId, medium.id), medium.value_sealed)
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

export type InsuredPerson = { voucherToken: string; idCardNo: string; name: string }

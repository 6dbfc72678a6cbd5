import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { shown } from '../../platform/classification.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import type { HisAnswer, HisCall, HospitalBilling } from '../hospitals/index.ts'
import { identityErrors } from './errors.ts'
import type { PersonId } from './person.ts'
import { ofCard, ofPerson } from './sealed.ts'
import {
  findPersonHospital,
  getPerson,
  listPeopleNumbered,
  listPersonHospitals,
  upsertPersonHospital,
} from './store-people.ts'

export function createPatientNumbers({ db, clock, seal }: Dependencies) {
  return {
    resolvePatient,
    hospitalsOf,
    /** Those that a hospital knows by one of its numbers, as far as it was ever asked about them. */
    personsNumbered: (hospitalId: HospitalId, patientNo: string): Promise<PersonId[]> =>
      listPeopleNumbered(db, hospitalId, patientNo),
  }

  /**
   * Under which number the hospital knows the person; asked of its system once and then remembered.
   * Errors: throws identity.person_not_found, not_identified, patient_not_found, hospital_refused, hospital_unavailable.
   */
  async function resolvePatient(
    personId: PersonId,
    hospitalId: HospitalId,
    system: HospitalBilling,
    call: HisCall,
  ): Promise<string> {
    const known = await findPersonHospital(db, personId, hospitalId)
    if (known) return known.patient_no
    const row = await getPerson(db, personId)
    if (row.id_card_sealed === null) throw identityErrors.not_identified({ personId })
    const answer = await system.resolvePatient(call, {
      idCardNo: seal.open(ofPerson('id_card', personId), row.id_card_sealed),
      name: seal.open(ofPerson('name', personId), row.name_sealed),
    })
    const { patientNo, cardNo } = dataOf(answer, hospitalId)
    await upsertPersonHospital(db, {
      person_id: personId,
      hospital_id: hospitalId,
      patient_no: patientNo,
      card_no_sealed: seal.seal(ofCard(personId, hospitalId), cardNo),
      resolved_at: clock.now(),
    })
    return patientNo
  }

  /** The hospitals that know the person: where to look for their bills. */
  async function hospitalsOf(personId: PersonId): Promise<PersonHospital[]> {
    const rows = await listPersonHospitals(db, personId)
    return rows.map((row) => ({
      hospitalId: row.hospital_id,
      patientNo: row.patient_no,
      cardNo:
        shown('account', seal.open(ofCard(personId, row.hospital_id), row.card_no_sealed), [
          'owner',
        ]) ?? '',
    }))
  }
}

function dataOf<T>(answer: HisAnswer<T>, hospitalId: HospitalId): T {
  switch (answer.outcome) {
    case 'ok':
      return answer.data
    case 'refused':
      if (answer.code === 'patient_not_found') {
        throw identityErrors.patient_not_found({ hospitalId })
      }
      throw identityErrors.hospital_refused({ hospitalId, code: answer.code })
    case 'unknown':
      throw identityErrors.hospital_unavailable({ hospitalId })
  }
}

export type PersonHospital = { hospitalId: HospitalId; patientNo: string; cardNo: string }

type Dependencies = { db: Db; clock: Clock; seal: Seal }

import type { HospitalId } from '../../kernel/id.ts'
import type { SealedColumn } from '../../platform/reseal.ts'
import { placeOf } from './connections.ts'
import type { ConnectionKind } from './hospital.ts'
import { messagePlace } from './notices/heard-messages.ts'
import { draftPlace } from './onboarding/onboarding-store.ts'
import { memoryPlace } from './system-memory.ts'

const hospitalOf = (text: string | undefined) => Number(text) as HospitalId

/** All sealed columns of the module, to be put under another key. */
export const sealedHospitals: readonly SealedColumn[] = [
  {
    table: 'hospitals.connection',
    column: 'params_sealed',
    key: ['hospital_id', 'kind'],
    rowsOf: 'hospitals',
    place: ({ hospital_id, kind }) => placeOf(hospitalOf(hospital_id), kind as ConnectionKind),
  },
  {
    table: 'hospitals.onboarding',
    column: 'params_sealed',
    key: ['hospital_id', 'version'],
    rowsOf: 'hospitals',
    place: ({ hospital_id, version }) => draftPlace(hospitalOf(hospital_id), Number(version)),
  },
  {
    table: 'hospitals.heard_message',
    column: 'content_sealed',
    key: ['hospital_id', 'id'],
    also: ['message_key', 'digest'],
    rowsOf: 'hospitals',
    place: ({ hospital_id, message_key = '', digest = '' }) =>
      messagePlace(hospitalOf(hospital_id), message_key, digest),
  },
  {
    table: 'hospitals.system_memory',
    column: 'value_sealed',
    key: ['hospital_id', 'name'],
    rowsOf: 'hospitals',
    place: ({ hospital_id, name = '' }) => memoryPlace(hospitalOf(hospital_id), name),
  },
]

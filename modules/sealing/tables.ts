import type { HospitalId } from '../../kernel/id.ts'
import type { TreeHash } from './hashing.ts'
import type { HeadSignature, PartnerSignature } from './signature.ts'

/** Rows of the schema "sealing". Held against the migrated database by tests/tables.types.ts. */
export type SealingTables = {
  'sealing.book': { book_no: HospitalId; since_at: Date }
  'sealing.head': {
    hospital_id: HospitalId
    log: string
    size: number
    previous_size: number
    tree_hash: TreeHash
    root: Buffer
    previous_hash: Buffer | null
    sealed_at: Date
    newest_item: string
    key_id: string
    signature_algorithm: HeadSignature
    public_key: string
    signature: string
  }
  'sealing.leaf': {
    hospital_id: HospitalId
    log: string
    leaf_index: number
    item_id: string
    leaf_hash: Buffer
  }
  'sealing.node': {
    hospital_id: HospitalId
    log: string
    level: number
    node_index: number
    hash: Buffer
  }
  'sealing.countersignature': {
    hospital_id: HospitalId
    log: string
    size: number
    application_id: string
    key_id: string
    algorithm: PartnerSignature
    public_key: string
    signature: string
    signed_at: Date
  }
}

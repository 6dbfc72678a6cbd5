import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { TreeHash } from './hashing.ts'
import type { HeadFile } from './head-file.ts'
import type { SealedLog } from './sealed-log.ts'
import type { PartnerSignature, Signer } from './signature.ts'

export type SealingDependencies = {
  db: Db
  clock: Clock
  signer: Signer
  /** What is sealed, each with the hash of its trees. It must not change once a log has a head. */
  logs: readonly { log: SealedLog; treeHash: TreeHash }[]
  /** Where heads are kept outside the database; null for a process that seals nothing. */
  headFile: HeadFile | null
  /** The keys by which an application of the hospital signs now; none for one that it does not let in. */
  keysOf: (hospitalId: HospitalId, applicationId: string) => Promise<readonly PartnerKey[]>
}

export type PartnerKey = {
  id: string
  algorithm: PartnerSignature
  publicKey: string
  validFrom: Date
  validUntil: Date
}

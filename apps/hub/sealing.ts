import type { Clock } from '../../kernel/time.ts'
import type { ApplicationPrincipal, Partners } from '../../modules/partners/index.ts'
import { createPlatformKey } from '../../modules/partners/index.ts'
import { createSealing, headFileAt, type Sealing } from '../../modules/sealing/index.ts'
import type { Db } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { sealedLogs } from './sealed-logs.ts'

type ApplicationId = ApplicationPrincipal['applicationId']

/**
 * Seals by SHA-256, signed by the platform's Ed25519 key, which is published at /v1/partner-keys. Partners countersign
 * by the keys they have here.
 */
export function createHubSealing(
  { db, clock, seal, headFilePath }: SealingOptions,
  partners: Pick<Partners, 'applicationDetail'>,
): Sealing {
  return createSealing({
    db,
    clock,
    signer: { algorithm: 'ed25519', ...createPlatformKey(seal).ed25519 },
    logs: sealedLogs.map((log) => ({ log, treeHash: 'sha256' })),
    headFile: headFilePath === undefined ? null : headFileAt(headFilePath),
    async keysOf(hospitalId, applicationId) {
      const { keys } = await partners.applicationDetail(hospitalId, applicationId as ApplicationId)
      return keys
    },
  })
}

type SealingOptions = { db: Db; clock: Clock; seal: Seal; headFilePath?: string }

import { sealedDrafts } from '../../modules/channels/index.ts'
import { sealedHospitals } from '../../modules/hospitals/index.ts'
import { sealedIdentity } from '../../modules/identity/index.ts'
import { sealedEndpoints } from '../../modules/partners/index.ts'
import { sealedNameCounts } from '../../modules/person-index/index.ts'
import { sealedFetchings } from '../../modules/statements/index.ts'
import type { SealedColumn } from '../../platform/reseal.ts'

/** Every column of the hub that holds sealed texts. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  ...sealedIdentity,
  ...sealedHospitals,
  ...sealedEndpoints,
  sealedDrafts,
  sealedNameCounts,
  sealedFetchings,
]

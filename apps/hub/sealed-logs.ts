import { consentLog } from '../../modules/credit/index.ts'
import { ledgerLog } from '../../modules/ledger/index.ts'
import { auditLog, type SealedLog } from '../../modules/sealing/index.ts'

/** Every log that is sealed. One that was sealed once stays in this list: its heads are checked by it. */
export const sealedLogs: readonly SealedLog[] = [ledgerLog, auditLog, consentLog]

import type { SelectType } from 'kysely'

import type { AccountingTables } from '../modules/accounting/tables.ts'
import type { BenefitTables } from '../modules/benefits/tables.ts'
import type { BillingTables } from '../modules/billing/tables.ts'
import type { BookingTables } from '../modules/booking/tables.ts'
import type { CatalogueTables } from '../modules/catalogue/tables.ts'
import type { ChannelTables } from '../modules/channels/tables.ts'
import type { TraceNumberTables } from '../modules/channels/trace-numbers-store.ts'
import type { CoverageTables } from '../modules/coverage/tables.ts'
import type { LoanTables } from '../modules/credit/loan/tables.ts'
import type { CreditTables } from '../modules/credit/tables.ts'
import type { DepositTables } from '../modules/deposits/tables.ts'
import type { FamilyTables } from '../modules/family/tables.ts'
import type { HospitalTables } from '../modules/hospitals/tables.ts'
import type { IdentityTables } from '../modules/identity/tables.ts'
import type { InsuranceTables } from '../modules/insurance/tables.ts'
import type { LedgerTables } from '../modules/ledger/tables.ts'
import type { PartnerTables } from '../modules/partners/tables.ts'
import type { PaymentTables } from '../modules/payments/tables.ts'
import type { PersonIndexTables } from '../modules/person-index/tables.ts'
import type { QueueTables } from '../modules/queue/tables.ts'
import type { ReconciliationTables } from '../modules/reconciliation/tables.ts'
import type { RecordSharingTables } from '../modules/record-sharing/tables.ts'
import type { RegistryTables } from '../modules/registry/tables.ts'
import type { SealingTables } from '../modules/sealing/tables.ts'
import type { SettlementTables } from '../modules/settlement/tables.ts'
import type { StatementTables } from '../modules/statements/tables.ts'
import type { DB } from './database.gen.ts'

// Each module's tables.ts is written by hand, for its branded types. This file compiles only while they name
// every table and column of the migrated database, as kysely-codegen reads it, and no other, and agree on
// which of them may be null. The platform's own tables have no such types: its few statements are plain SQL.

type Tables = AccountingTables &
  BenefitTables &
  BillingTables &
  BookingTables &
  CatalogueTables &
  ChannelTables &
  CoverageTables &
  CreditTables &
  DepositTables &
  HospitalTables &
  IdentityTables &
  InsuranceTables &
  LedgerTables &
  LoanTables &
  PartnerTables &
  PaymentTables &
  PersonIndexTables &
  QueueTables &
  ReconciliationTables &
  FamilyTables &
  RecordSharingTables &
  RegistryTables &
  SealingTables &
  SettlementTables &
  StatementTables &
  TraceNumberTables

type Database = {
  [Table in keyof DB as Table extends `platform.${string}` ? never : Table]: DB[Table]
}

/** 'ledger.hold_end.entry_id may be null', for each column: the compiler's message then names what differs. */
type ColumnsOf<Db> = {
  [Table in keyof Db & string]: {
    [
      Column in keyof Db[Table] & string
    ]: `${Table}.${Column}${null extends SelectType<Db[Table][Column]> ? ' may be null' : ''}`
  }[keyof Db[Table] & string]
}[keyof Db & string]

type None<Names extends string> = Record<Names, never>

export const missingInTables: None<Exclude<ColumnsOf<Database>, ColumnsOf<Tables>>> = {}

export const missingInTheDatabase: None<Exclude<ColumnsOf<Tables>, ColumnsOf<Database>>> = {}

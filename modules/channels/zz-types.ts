import type { SelectType } from 'kysely'
import type { DB } from '../../../../tmp/gen.ts'
import type { ChannelTables } from './tables.ts'
type Database = { [Table in keyof DB as Table extends keyof ChannelTables ? Table : never]: DB[Table] }
type ColumnsOf<Db> = {
  [Table in keyof Db & string]: {
    [Column in keyof Db[Table] & string]: `${Table}.${Column}${null extends SelectType<Db[Table][Column]> ? ' may be null' : ''}`
  }[keyof Db[Table] & string]
}[keyof Db & string]
type None<Names extends string> = Record<Names, never>
export const missingInTables: None<Exclude<ColumnsOf<Database>, ColumnsOf<ChannelTables>>> = {}
export const missingInTheDatabase: None<Exclude<ColumnsOf<ChannelTables>, ColumnsOf<Database>>> = {}

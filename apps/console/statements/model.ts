import type { components } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type StatementFile = Schemas['StatementFile']
export type Arrival = Schemas['StatementArrival']
export type Schedule = Schemas['StatementSchedule']
export type StatementRow = Schemas['StatementRow']
export type Taken = NonNullable<StatementFile['taken']>

export const FILE_STATUSES = ['taken', 'superseded', 'refused'] as const
export type FileStatus = StatementFile['status']

export const FILE_VIEWS = ['rows', 'changes'] as const
export type FileView = (typeof FILE_VIEWS)[number]

/** Of a cell of the month. came_late: there, but after its hour; only sources that are asked are known to be so. */
export type ArrivalState = Arrival['state'] | 'came_late'

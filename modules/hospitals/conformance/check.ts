import type { OperationName, Subject } from '../interface/operations.ts'
import type { HandName } from './hands.ts'
import type { Words } from './outcome.ts'
import type { Session } from './session.ts'

/** One thing that an implementation of the standard interface must do, tried on it. */
export type Check = {
  /** 'bills.writeBack.repeated': the same in every release, so that results can be compared. */
  id: string
  subject: Subject
  title: Words
  /** Of docs/interface/hospital-standard.md. */
  paragraph: string
  /** Whose answer is judged; null where only the wire is. */
  operation: OperationName | null
  needs: readonly Need[]
  /** Nothing else can be told of an implementation that fails here. */
  isGate: boolean
  /** Errors: CheckFailure, NotTried, NotPrepared. */
  run(session: Session): Promise<void>
}

/** `door`: the standard wire itself can be spoken to. `listener`: the sandbox tells the kit what it tells a hub. */
export type Need = 'door' | 'listener' | HandName

type Rest = { needs?: readonly Need[]; isGate?: boolean; paragraph?: string }

/** What payments cannot do without: the operations of §2.1. */
export const NEEDED_FOR_PAYMENTS: readonly OperationName[] = [
  'heartbeat',
  'departments.list',
  'patients.resolve',
  'bills.list',
  'bills.get',
  'bills.writeBack',
  'bills.voidWriteBack',
  'refunds.approve',
  'refunds.complete',
  'refunds.cancel',
  'reconciliation.dayList',
]

/** Makes the checks of one subject. */
export const checksOf =
  (subject: Subject) =>
  (
    operation: OperationName,
    name: string,
    [zh, en]: readonly [string, string],
    run: Check['run'],
    { needs = [], isGate = false, paragraph }: Rest = {},
  ): Check => ({
    id: `${operation}.${name}`,
    subject,
    title: { zh, en },
    paragraph:
      paragraph ?? `${NEEDED_FOR_PAYMENTS.includes(operation) ? '§2.1' : '§2.2'} ${operation}`,
    operation,
    needs,
    isGate,
    run,
  })

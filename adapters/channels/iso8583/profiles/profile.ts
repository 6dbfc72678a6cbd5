import type { MacAlgorithm } from '../keys.ts'
import type { Packaging } from '../packager/layout.ts'

/** How one kind of message is told from the others: its type, F3, and the first and last part of F60. */
export type MessageKind = { mti: string; processingCode: string; transactionType: string }

/** What a bank's contract says, as data: how messages are written and which of them the bank knows. */
export type Profile = Packaging & {
  /** The length before each frame, which does not count itself. */
  frame: { lengthBytes: number; lengthAs: 'binary' | 'ascii' }
  mac: { field: number; algorithm: MacAlgorithm }
  /** F53 that goes with a PIN block: format, algorithm, whether tracks are enciphered. */
  securityControl: string
  /** F60.3 of messages about money. */
  networkCode: string
  sale: MessageKind
  void: MessageKind
  refund: MessageKind
  reversal: { mti: string }
  /** F60.3 says that keys are asked for; F62 brings them. */
  signIn: { mti: string; networkCode: string }
  settlement: { mti: string; networkCode: string; hasMac: boolean }
  heartbeat: { mti: string; fields: Readonly<Record<number, string>> }
  /**
   * The question what became of an earlier message, named by F61: the answer repeats F4, F12, F13, F37 and F38, and
   * says in F44 what the earlier message was answered. Null for a bank that knows no such question.
   */
  inquiry: MessageKind | null
  /** Where the payer's barcode goes, with a tag and three digits of length before it when there is a tag. */
  barcode: { field: number; tag: string; entryMode: string } | null
}

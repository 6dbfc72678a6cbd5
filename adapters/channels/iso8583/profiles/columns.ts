import { fieldTable } from '../packager/layout.ts'
import type { Profile } from './profile.ts'

/**
 * A bank without ISO 8583: one record of fixed columns in GBK, a length of six digits before it. The columns carry
 * the same fields, so all above the packager is the same.
 */
export const COLUMNS: Profile = {
  name: 'columns',
  prefix: '',
  frame: { lengthBytes: 6, lengthAs: 'ascii' },
  layout: {
    form: 'columns',
    text: 'gbk',
    // The MAC is the last: it is over all that stands before it.
    columns: [
      3, 4, 11, 12, 13, 15, 41, 42, 60, 2, 14, 22, 23, 25, 26, 35, 37, 38, 39, 44, 48, 49, 52, 53,
      55, 59, 61, 62, 63, 128,
    ],
    fields: fieldTable([
      [2, 'card number', 'n', 'LL', 19, { mask: 'pan' }],
      [3, 'processing code', 'n', 'fix', 6],
      [4, 'amount', 'n', 'fix', 12],
      [11, 'trace number', 'n', 'fix', 6],
      [12, 'local time', 'n', 'fix', 6],
      [13, 'local date', 'n', 'fix', 4],
      [14, 'expiry', 'n', 'fix', 4, { mask: 'hidden' }],
      [15, 'settlement date', 'n', 'fix', 4],
      [22, 'entry mode', 'n', 'fix', 3],
      [23, 'card sequence', 'n', 'fix', 3],
      [25, 'condition', 'n', 'fix', 2],
      [26, 'longest PIN', 'n', 'fix', 2],
      [35, 'track 2', 'z', 'LL', 37, { mask: 'hidden' }],
      [37, 'reference number', 'an', 'fix', 12],
      [38, 'authorisation', 'an', 'fix', 6],
      [39, 'answer', 'an', 'fix', 2],
      [41, 'terminal', 'ans', 'fix', 8],
      [42, 'merchant', 'ans', 'fix', 15],
      [44, 'answer to the original', 'ans', 'LL', 25, { mask: 'text' }],
      [48, 'totals', 'ans', 'LLL', 64],
      [49, 'currency', 'an', 'fix', 3],
      [52, 'PIN block', 'b', 'fix', 8, { mask: 'hidden' }],
      [53, 'security control', 'n', 'fix', 16],
      [55, 'chip data', 'b', 'LLL', 255, { mask: 'hidden' }],
      [59, 'barcode', 'ans', 'LLL', 64, { mask: 'hidden' }],
      [60, 'kind, batch, network code', 'ans', 'LLL', 17],
      [61, 'original message', 'ans', 'LLL', 29],
      [62, 'keys', 'b', 'LLL', 84, { mask: 'hidden' }],
      [63, 'operator, message', 'ans', 'LLL', 60, { mask: 'text' }],
      [128, 'MAC', 'b', 'fix', 8],
    ]),
  },
  mac: { field: 128, algorithm: 'x9.9' },
  securityControl: '2600000000000000',
  networkCode: '000',
  sale: { mti: '0200', processingCode: '000000', transactionType: '22' },
  void: { mti: '0200', processingCode: '200000', transactionType: '23' },
  refund: { mti: '0220', processingCode: '200000', transactionType: '25' },
  reversal: { mti: '0400' },
  signIn: { mti: '0800', networkCode: '003' },
  settlement: { mti: '0500', networkCode: '201', hasMac: true },
  heartbeat: { mti: '0820', fields: { 60: '00000000301' } },
  inquiry: { mti: '0600', processingCode: '380000', transactionType: '01' },
  barcode: { field: 59, tag: '', entryMode: '032' },
}

import { fieldTable } from '../packager/layout.ts'
import type { Profile } from './profile.ts'

/**
 * 直联 POS as UnionPay's acquirers speak it: TPDU and header, 64 fields, numbers in BCD, text in GBK.
 *
 * The prefix, the network codes of sign-in and heartbeat, and the tag of the barcode differ from acquirer to
 * acquirer: params may name others. There is no question about an earlier message, so a silent one is reversed.
 * Source: the field tables of public POS terminals; none of them is the standard itself.
 */
export const CUPS: Profile = {
  name: 'cups',
  prefix: '6000030000' + '603100310100',
  frame: { lengthBytes: 2, lengthAs: 'binary' },
  layout: {
    form: 'bitmap',
    highestField: 64,
    digits: 'bcd',
    lengths: 'bcd',
    bitmap: 'binary',
    text: 'gbk',
    fields: fieldTable([
      [2, 'card number', 'n', 'LL', 19, { pad: 'right', mask: 'pan' }],
      [3, 'processing code', 'n', 'fix', 6],
      [4, 'amount', 'n', 'fix', 12],
      [11, 'trace number', 'n', 'fix', 6],
      [12, 'local time', 'n', 'fix', 6],
      [13, 'local date', 'n', 'fix', 4],
      [14, 'expiry', 'n', 'fix', 4, { mask: 'hidden' }],
      [15, 'settlement date', 'n', 'fix', 4],
      [22, 'entry mode', 'n', 'fix', 3, { pad: 'right' }],
      [23, 'card sequence', 'n', 'fix', 3],
      [25, 'condition', 'n', 'fix', 2],
      [26, 'longest PIN', 'n', 'fix', 2],
      [32, 'acquirer', 'n', 'LL', 11, { pad: 'right' }],
      [35, 'track 2', 'z', 'LL', 37, { pad: 'right', mask: 'hidden' }],
      [36, 'track 3', 'z', 'LLL', 104, { pad: 'right', mask: 'hidden' }],
      [37, 'reference number', 'an', 'fix', 12],
      [38, 'authorisation', 'an', 'fix', 6],
      [39, 'answer', 'an', 'fix', 2],
      [41, 'terminal', 'ans', 'fix', 8],
      [42, 'merchant', 'ans', 'fix', 15],
      [43, 'name of the merchant', 'ans', 'fix', 40, { mask: 'text' }],
      [44, 'issuer and acquirer', 'ans', 'LL', 25, { mask: 'text' }],
      [48, 'totals', 'n', 'LLL', 322, { pad: 'right' }],
      [49, 'currency', 'an', 'fix', 3],
      [52, 'PIN block', 'b', 'fix', 8, { mask: 'hidden' }],
      [53, 'security control', 'n', 'fix', 16],
      [54, 'balance', 'an', 'LLL', 20, { mask: 'hidden' }],
      [55, 'chip data', 'b', 'LLL', 255, { mask: 'hidden' }],
      [59, 'barcode', 'ans', 'LLL', 100, { mask: 'hidden' }],
      [60, 'kind, batch, network code', 'n', 'LLL', 17, { pad: 'right' }],
      [61, 'original message', 'n', 'LLL', 29, { pad: 'right' }],
      [62, 'keys', 'b', 'LLL', 512, { mask: 'hidden' }],
      [63, 'operator, message', 'ans', 'LLL', 163, { mask: 'text' }],
      [64, 'MAC', 'b', 'fix', 8],
    ]),
  },
  mac: { field: 64, algorithm: 'ecb' },
  securityControl: '2600000000000000',
  networkCode: '000',
  sale: { mti: '0200', processingCode: '000000', transactionType: '22' },
  void: { mti: '0200', processingCode: '200000', transactionType: '23' },
  refund: { mti: '0220', processingCode: '200000', transactionType: '25' },
  reversal: { mti: '0400' },
  signIn: { mti: '0800', networkCode: '003' },
  settlement: { mti: '0500', networkCode: '201', hasMac: false },
  heartbeat: { mti: '0820', fields: { 60: '00000000301' } },
  inquiry: null,
  barcode: { field: 59, tag: 'A3', entryMode: '032' },
}

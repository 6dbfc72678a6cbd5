import { describeChannel } from './describe-channel.ts'
import { bankChannelBench } from './iso8583-bench.ts'

// A bank with an inquiry, in both of its forms; and a POS line without one, where a silent charge is taken back.
describeChannel('[P2] a bank over ISO 8583', () =>
  bankChannelBench({ dialect: 'ascii128', hasTrouble: true }),
)
describeChannel('[P2] a bank over fixed columns', () =>
  bankChannelBench({ dialect: 'columns', hasTrouble: true }),
)
describeChannel('[P2] a CUPS POS', () => bankChannelBench({ dialect: 'cups', hasTrouble: false }))
describeChannel('[P2] a CUPS POS by barcode', () =>
  bankChannelBench({ dialect: 'cups', hasTrouble: false, method: 'barcode' }),
)

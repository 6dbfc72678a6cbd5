/**
 * The centre takes offence at the number of the message (报文ID已用于…, 报文ID重复) and has not looked at what it says:
 * such a no decides nothing. It is asked again, later and under another number.
 */
export const isOfNumber = ({ message }: { message: string }): boolean =>
  /报文\s*ID|msgid/i.test(message)

export const anotherNumber = ({ message }: { message: string }) =>
  ({ outcome: 'unknown', reason: `to be asked under another number: ${message}` }) as const

import { Link } from '@tanstack/react-router'

import { Amount } from '../../web/Amount.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { capitalsOf } from './capitals.ts'
import { type Book, type Line, numberOf, type Voucher } from './model.ts'
import { useVoucherWords } from './words.ts'

type PaperProps = {
  voucher: Voucher
  subjects: Readonly<Record<string, string>>
  book: Book
  lines: readonly Line[]
  /** Whether these are all lines: then they are added up here. */
  isWhole: boolean
}

/** Summary, subject, debit and credit, and the sum in capitals, as on the paper form. */
export function Paper({ voucher, subjects, book, lines, isWhole }: PaperProps) {
  const { t } = useVoucherWords()
  const { type, date, financialFen, budgetFen } = voucher
  const totalFen = book === 'financial' ? financialFen : budgetFen
  return (
    <section className="voucher-paper" aria-labelledby="paper-title">
      <header>
        <h2 id="paper-title">
          {t('paper.title', { type: t(`types.${type}`, { defaultValue: type }) })}
        </h2>
        <p className="voucher-paper-facts">
          <span>{t(`books.${book}`)}</span>
          <time dateTime={date}>{date}</time>
          <span>{t('paper.no', { no: numberOf(voucher) })}</span>
        </p>
      </header>
      {lines.length === 0 ? (
        <p className="empty">{t('paper.empty')}</p>
      ) : (
        <div className="table-frame">
          <table className="data-table">
            <caption className="visually-hidden">{t('paper.lines')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('paper.summary')}</th>
                <th scope="col">{t('paper.subject')}</th>
                <th scope="col" className="is-number">
                  {t('paper.debit')}
                </th>
                <th scope="col" className="is-number">
                  {t('paper.credit')}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <PaperLine
                  key={line.lineNo}
                  voucherId={voucher.id}
                  line={line}
                  book={book}
                  name={subjects[line.subject]}
                />
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  {t('paper.total', { capitals: capitalsOf(totalFen) })}
                </th>
                <Total fen={isWhole ? sumFen(lines, ({ debitFen }) => debitFen) : totalFen} />
                <Total fen={isWhole ? sumFen(lines, ({ creditFen }) => creditFen) : totalFen} />
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {isWhole && lines.length > 0 && <Balance lines={lines} totalFen={totalFen} />}
    </section>
  )
}

function Total({ fen }: { fen: number }) {
  return (
    <td className="is-number">
      <Amount fen={fen} />
    </td>
  )
}

/** Added up from the lines in sight, and held against what the voucher says of itself. */
function Balance({ lines, totalFen }: { lines: readonly Line[]; totalFen: number }) {
  const { t } = useVoucherWords()
  const debitFen = sumFen(lines, (line) => line.debitFen)
  const creditFen = sumFen(lines, (line) => line.creditFen)
  const isBalanced = debitFen === creditFen && debitFen === totalFen
  return (
    <p>
      <StatusChip
        tone={isBalanced ? 'good' : 'bad'}
        icon={isBalanced ? 'check' : 'alert'}
        text={t(isBalanced ? 'balanced' : 'unbalanced')}
      />
    </p>
  )
}

type PaperLineProps = { voucherId: string; line: Line; book: Book; name: string | undefined }

function PaperLine({ voucherId, line, book, name }: PaperLineProps) {
  const { t } = useVoucherWords()
  const { lineNo, subject, summary, aux, debitFen, creditFen } = line
  const figure = (fen: number, side: string) =>
    fen !== 0 && (
      <Link
        to="/vouchers/$voucherId"
        params={{ voucherId }}
        search={{ book, line: lineNo }}
        hash="sources-title"
        aria-label={t('paper.open', { line: lineNo, side })}
      >
        <Amount fen={fen} />
      </Link>
    )
  return (
    <tr data-row>
      <td>{summary}</td>
      <td>
        <span className="two-lines">
          <span>
            <code>{subject}</code> {name}
          </span>
          {Object.entries(aux).map(([key, value]) => (
            <span key={key} className="fine">
              {t(`aux.${key}`, { defaultValue: key })} {value}
            </span>
          ))}
        </span>
      </td>
      <td className="is-number">{figure(debitFen, t('paper.debit'))}</td>
      <td className="is-number">{figure(creditFen, t('paper.credit'))}</td>
    </tr>
  )
}

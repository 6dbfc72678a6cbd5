import { useTranslation } from 'react-i18next'

import type { FinanceDay } from '../../../contract/client.ts'
import { PARTS } from '../../web/tenders.ts'
import { PartName } from '../list/PartName.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { totalOfMoves } from '../list/sums.ts'
import type { MovesSearch } from '../search/params.ts'
import { useProviderName } from '../shell/use-names.ts'
import { FigureLink } from './FigureLink.tsx'

const COLUMNS: readonly Pick<MovesSearch, 'kind'>[] = [{ kind: 'charge' }, { kind: 'return' }, {}]

/** The same money as the picture beside it, by provider and part, every figure a link to its rows. */
export function MoneyTable({ moves }: { moves: FinanceDay['moves'] }) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const providers = [...new Set(moves.map(({ provider }) => provider))].toSorted()
  const rows = providers.flatMap((provider) =>
    PARTS.filter((part) => totalOfMoves(moves, { provider, part }).count > 0).map((part) => ({
      provider,
      part,
    })),
  )
  return (
    <table className="data-table">
      <caption className="visually-hidden">{t('today.flow.table')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('moves.provider')}</th>
          <th scope="col">{t('moves.part')}</th>
          <th scope="col" className="is-number">
            {t('kinds.charge')}
          </th>
          <th scope="col" className="is-number">
            {t('kinds.return')}
          </th>
          <th scope="col" className="is-number">
            {t('figures.net.name')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ provider, part }) => (
          <tr key={provider + part}>
            <td>{nameOf(provider)}</td>
            <td>
              <PartName part={part} />
            </td>
            <Cells moves={moves} search={{ provider, part }} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t('today.flow.sum')}
          </th>
          <Cells moves={moves} search={{}} />
        </tr>
      </tfoot>
    </table>
  )
}

function Cells({ moves, search }: { moves: FinanceDay['moves']; search: MovesSearch }) {
  return COLUMNS.map((column) => {
    const filter = { ...search, ...column }
    return (
      <td key={column.kind ?? 'net'} className="is-number">
        <FigureLink link={{ to: '/moves', search: filter }}>
          <SignedAmount fen={totalOfMoves(moves, filter).amountFen} />
        </FigureLink>
      </td>
    )
  })
}

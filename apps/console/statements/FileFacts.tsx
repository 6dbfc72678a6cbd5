import { Amount } from '../../web/Amount.tsx'
import { Facts } from '../benefits/Facts.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { useProviderName } from '../shell/use-names.ts'
import type { StatementFile, Taken } from './model.ts'
import { useLayouts, useLayoutTitle } from './use-statements.ts'
import { useStatementWords } from './words.ts'

/** What came: whose, of which day, written how, and the hash by which its bytes are kept. */
export function FactsCard({ file }: { file: StatementFile }) {
  const { t } = useStatementWords()
  const nameOf = useProviderName()
  const titleOf = useLayoutTitle()
  const { source, businessDate, layout, layoutVersion, sha256, taken } = file
  return (
    <section className="card" aria-labelledby="facts-title">
      <h2 id="facts-title">{t('facts')}</h2>
      <Facts
        facts={[
          { name: t('source'), value: nameOf(source) },
          { name: t('date'), value: businessDate ?? t('noDate') },
          {
            name: t('layout'),
            value: t('layoutOf', { title: titleOf(layout), version: layoutVersion }),
          },
          ...(taken ? takenFacts(taken) : []),
          { name: t('hash'), value: <CopyText text={sha256} /> },
        ]}
      />
    </section>
  )

  function takenFacts({ encoding, otherColumns }: Taken) {
    const unused = otherColumns.length === 0 ? t('noOtherColumns') : otherColumns.join('、')
    return [
      { name: t('encoding'), value: encoding },
      { name: t('otherColumns'), value: unused },
    ]
  }
}

/** Its rows added up, and whether the file's own totals said the same. */
export function TotalsCard({ file, taken }: { file: StatementFile; taken: Taken }) {
  const { t } = useStatementWords()
  const { totals } = taken
  const hasTrailer = useHasTrailer(file.layout)
  const lines = [
    { name: t('charge'), count: totals.chargeCount, fen: totals.chargeFen },
    { name: t('return'), count: totals.returnCount, fen: totals.returnFen },
    { name: t('payout'), count: totals.payoutCount, fen: totals.payoutFen },
    { name: t('fee'), count: null, fen: totals.feeFen },
  ].filter(({ count, fen }) => count !== 0 || fen !== 0)
  return (
    <section className="card" aria-labelledby="totals-title">
      <div className="card-head">
        <h2 id="totals-title">{t('totals')}</h2>
        <span>{t('rowCount', { count: totals.rows })}</span>
      </div>
      <table className="data-table">
        <caption className="visually-hidden">{t('totals')}</caption>
        <tbody>
          {lines.map(({ name, count, fen }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="is-number">{count !== null && t('pieces', { count })}</td>
              <td className="is-number">
                <Amount fen={fen} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasTrailer !== null && (
        <p className="fine">
          {t('trailer')}：{t(hasTrailer ? 'trailerChecked' : 'trailerNone')}
        </p>
      )}
    </section>
  )
}

/** Null while the layouts are not known. A file is taken only once its totals hold. */
function useHasTrailer(name: string): boolean | null {
  const found = useLayouts().find((layout) => layout.name === name)
  if (!found) return null
  return typeof found.layout === 'object' && found.layout !== null && 'trailer' in found.layout
}

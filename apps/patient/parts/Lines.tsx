import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'

/** What was charged, by category, with its sum; and whether the insurance list has it as 甲, 乙 or 丙. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation()
  return (
    <div className="lines">
      {groupsOf(lines).map(({ category, sumFen, members }) => (
        <section key={category} aria-label={categoryName(t, category)}>
          <h3 className="line-group">
            <span>{categoryName(t, category)}</span>
            <Amount fen={sumFen} />
          </h3>
          <ul>
            {members.map((line) => (
              <li key={`${line.billNo} ${line.lineNo}`} className="line">
                <span className="line-name">
                  {line.name} <ClassChip insuranceClass={line.insuranceClass} />
                </span>
                <Amount fen={line.amountFen} />
                <span className="fine-print">
                  {[line.spec, `${line.quantity} ${line.unit}`].filter(Boolean).join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

export function ClassChip({ insuranceClass }: { insuranceClass: 'A' | 'B' | 'C' }) {
  const { t } = useTranslation()
  return (
    <span className={`class-chip class-${insuranceClass.toLowerCase()}`}>
      <span aria-hidden="true">{t(`common:insuranceClasses.${insuranceClass}`)}</span>
      <span className="visually-hidden">{t(`classWords.${insuranceClass}`)}</span>
    </span>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']

function categoryName(t: Translate, category: string): string {
  return t([`common:chargeCategories.${category}`, 'common:chargeCategories.other'])
}

/** In the order of the national list of categories. */
function groupsOf(lines: readonly Line[]) {
  const categories = [...new Set(lines.map((line) => line.chargeCategory))].toSorted()
  return categories.map((category) => {
    const members = lines.filter((line) => line.chargeCategory === category)
    const sumFen = members.reduce((sum, line) => sum + line.amountFen, 0)
    return { category, members, sumFen }
  })
}

export type Line = {
  billNo: string
  lineNo: number
  name: string
  spec: string
  unit: string
  chargeCategory: string
  insuranceClass: 'A' | 'B' | 'C'
  quantity: number
  amountFen: number
}

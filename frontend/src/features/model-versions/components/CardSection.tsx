import styles from "./ModelCardView.module.css";

export interface Field {
  name: string;
  value: string;
  code?: boolean;
}

interface CardSectionProps {
  title?: string;
  fields: Field[];
  empty?: string;
}

/** A titled list of names and values. */
export function CardSection({ title, fields, empty }: CardSectionProps) {
  return (
    <section className={styles.section}>
      {title && <h2>{title}</h2>}
      {fields.length === 0 && <p className={styles.quiet}>{empty}</p>}
      <dl>
        {fields.map(({ name, value, code }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{code ? <code>{value}</code> : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

/** The shape of what is coming. The stylesheet keeps it unseen for the first 300 ms. */
export function SkeletonList() {
  return (
    <div className="skeleton" aria-hidden>
      {ROWS.map((row) => (
        <div key={row} className="skeleton-row" />
      ))}
    </div>
  );
}

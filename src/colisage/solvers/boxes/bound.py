"""How many boxes no plan can do without."""

from colisage.solvers.boxes.problem import Problem


def fewest_boxes(problem: Problem) -> int:
    """Count the boxes that volume and weight alone require, for what fits some box by size and weight."""
    boxes = [
        (
            sorted((box.inner_length_mm, box.inner_width_mm, box.inner_height_mm)),
            box.max_contents_grams,
        )
        for box in problem.boxes
    ]
    mm3 = grams = 0
    for item in problem.items:
        edges = sorted((item.length_mm, item.width_mm, item.height_mm))
        if any(
            item.grams <= most and all(e <= inner for e, inner in zip(edges, inners, strict=True))
            for inners, most in boxes
        ):
            mm3 += edges[0] * edges[1] * edges[2] * item.quantity
            grams += item.grams * item.quantity
    if not mm3:
        return 0
    largest = max(inners[0] * inners[1] * inners[2] for inners, _ in boxes)
    strongest = max(most for _, most in boxes)
    return max(1, -(-mm3 // largest), -(-grams // strongest) if strongest else 0)

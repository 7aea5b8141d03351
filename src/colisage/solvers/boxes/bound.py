"""How many boxes no plan can do without."""

from colisage.solvers.boxes.problem import Problem
from colisage.solvers.boxes.rules import lies_in


def fewest_boxes(problem: Problem) -> int:
    """Count the boxes that volume and weight alone require, for what fits some box by size and weight."""
    mm3 = grams = 0
    for item in problem.items:
        if any(item.grams <= box.max_contents_grams and lies_in(item, box) for box in problem.boxes):
            mm3 += item.length_mm * item.width_mm * item.height_mm * item.quantity
            grams += item.grams * item.quantity
    if not mm3:
        return 0
    largest = max(box.inner_length_mm * box.inner_width_mm * box.inner_height_mm for box in problem.boxes)
    strongest = max(box.max_contents_grams for box in problem.boxes)
    return max(1, -(-mm3 // largest), -(-grams // strongest) if strongest else 0)
